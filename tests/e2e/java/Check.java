// The unmodified Java driver through the gateway: one JSON line for each check.
import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import com.datastax.oss.driver.api.core.cql.*;
import com.datastax.oss.driver.api.core.data.CqlVector;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.servererrors.*;
import com.datastax.oss.driver.api.core.type.TupleType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import com.datastax.oss.driver.internal.core.specex.ConstantSpeculativeExecutionPolicy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.*;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;

public class Check {
    interface Step { void run() throws Exception; }

    static final String ks = word("KEYSPACE");
    static CqlSession db;

    static String word(String name) { return System.getenv("CHECK_" + name); }

    static ProgrammaticDriverConfigLoaderBuilder patient() {
        return DriverConfigLoader.programmaticBuilder()
            .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
            .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
            .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(60))
            .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(30))
            .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofSeconds(30))
            .withDuration(DefaultDriverOption.METADATA_SCHEMA_REQUEST_TIMEOUT, Duration.ofSeconds(30));
    }

    static CqlSessionBuilder builder(String user, String password) {
        return CqlSession.builder().addContactPoint(new InetSocketAddress("127.0.0.1", Integer.parseInt(word("PORT"))))
            .withLocalDatacenter("datacenter1").withAuthCredentials(user, password).withConfigLoader(patient().build());
    }

    static CqlSession with(ProgrammaticDriverConfigLoaderBuilder config) {
        return builder("token", word("TOKEN")).withConfigLoader(config.build()).build();
    }

    static void equal(Object wanted, Object got) {
        if (!Objects.equals(wanted, got)) throw new AssertionError("not " + wanted + " but " + got);
    }

    static <E extends Throwable> E fails(Class<E> with, Step step) throws Exception {
        try {
            step.run();
        } catch (Throwable e) {
            if (with.isInstance(e)) return with.cast(e);
            throw new AssertionError("not a " + with.getSimpleName(), e);
        }
        throw new AssertionError("went well, without a " + with.getSimpleName());
    }

    static void refusedLogin(String user, String password) throws Exception {
        AllNodesFailedException e = fails(AllNodesFailedException.class, () -> builder(user, password).build().close());
        e.getAllErrors().values().forEach(all -> all.forEach(one -> equal(AuthenticationException.class, one.getClass())));
    }

    static String a(CqlSession session, int id) {
        return session.execute("SELECT a FROM " + ks + ".plain WHERE id = ?", id).one().getString("a");
    }

    static void check(String name, Step step) {
        String error = "null";
        try {
            step.run();
        } catch (Throwable e) {
            java.io.StringWriter trace = new java.io.StringWriter();
            e.printStackTrace(new java.io.PrintWriter(trace));
            error = '"' + trace.toString().replaceAll("[^ -~]", " ").replace("\\", "/").replace("\"", "'") + '"';
        }
        System.out.println("{\"name\": \"" + name + "\", \"error\": " + error + "}");
    }

    public static void main(String[] arguments) {
        check("steps down to version 4", () -> {
            db = builder("token", word("TOKEN")).build();
            equal("V4", db.getContext().getProtocolVersion().name());
        });
        check("a wrong token is an AuthenticationException", () -> refusedLogin("token", word("TOKEN") + "x"));
        check("client id and secret", () -> {
            try (CqlSession own = builder(word("CLIENT_ID"), word("SECRET")).build()) {
                equal(1, own.execute("SELECT key FROM system.local").all().size());
            }
        });
        check("one node, all of the ring, and its schema", () -> {
            equal(1, db.getMetadata().getNodes().size());
            equal(1, db.getMetadata().getTokenMap().get().getReplicas(ks, ByteBuffer.allocate(4)).size());
            KeyspaceMetadata keyspace = db.getMetadata().getKeyspace(ks).get();
            equal(Set.of("plain", "people", "wide", "counts", "vectors"),
                Set.copyOf(keyspace.getTables().keySet().stream().map(CqlIdentifier::asInternal).toList()));
            equal(true, keyspace.getUserDefinedType("address").isPresent());
            equal(true, db.checkSchemaAgreement());
        });
        check("bound by position, by name, prepared, not set", () -> {
            db.execute("INSERT INTO " + ks + ".plain (id, a, l, m) VALUES (?, ?, ?, ?)", 1, "one", List.of(1, 2), Map.of("k", 1));
            equal("one", db.execute("SELECT a FROM " + ks + ".plain WHERE id = :id", Map.of("id", 1)).one().getString(0));
            PreparedStatement insert = db.prepare("INSERT INTO " + ks + ".plain (id, a) VALUES (:id, :a)");
            equal(List.of(0), insert.getPartitionKeyIndices());
            db.execute(insert.bind().setInt("id", 1));
            Row row = db.execute(db.prepare("SELECT * FROM " + ks + ".plain WHERE id = ?").bind(1)).one();
            equal("one", row.getString("a"));
            equal(List.of(1, 2), row.getList("l", Integer.class));
        });
        check("user types, tuples, vectors", () -> {
            PreparedStatement insert = db.prepare("INSERT INTO " + ks + ".people (id, home, t) VALUES (1, ?, ?)");
            UserDefinedType address = (UserDefinedType) insert.getVariableDefinitions().get(0).getType();
            TupleType tuple = (TupleType) insert.getVariableDefinitions().get(1).getType();
            db.execute(insert.bind(address.newValue("Long", 3), tuple.newValue(7, "x")));
            equal("Long", db.execute("SELECT home FROM " + ks + ".people WHERE id = 1").one().getUdtValue(0).getString("street"));
            CqlVector<Float> vector = CqlVector.newInstance(1f, 2f, 3f);
            db.execute(db.prepare("INSERT INTO " + ks + ".vectors (id, v) VALUES (1, ?)").bind(vector));
            equal(vector, db.execute("SELECT v FROM " + ks + ".vectors WHERE id = 1").one().getVector(0, Float.class));
        });
        check("batches of all kinds", () -> {
            PreparedStatement insert = db.prepare("INSERT INTO " + ks + ".wide (part, row, v) VALUES (?, ?, ?)");
            for (BatchType kind : List.of(BatchType.LOGGED, BatchType.UNLOGGED)) {
                db.execute(BatchStatement.builder(kind).addStatement(insert.bind(9, 1, "a")).setQueryTimestamp(1000)
                    .addStatement(SimpleStatement.newInstance("INSERT INTO " + ks + ".wide (part, row, v) VALUES (9, ?, ?)", 2, "b"))
                    .build());
            }
            equal(2, db.execute("SELECT v FROM " + ks + ".wide WHERE part = 9").all().size());
            db.execute(BatchStatement.newInstance(BatchType.COUNTER,
                db.prepare("UPDATE " + ks + ".counts SET n = n + ? WHERE id = 1").bind(2L)));
            equal(2L, db.execute("SELECT n FROM " + ks + ".counts WHERE id = 1").one().getLong(0));
        });
        check("pages", () -> {
            PreparedStatement insert = db.prepare("INSERT INTO " + ks + ".wide (part, row, v) VALUES (1, ?, ?)");
            List<CompletionStage<AsyncResultSet>> all = new ArrayList<>();
            for (int n = 0; n < 900; n++) all.add(db.executeAsync(insert.bind(n, "v" + n)));
            for (CompletionStage<AsyncResultSet> one : all) one.toCompletableFuture().get();
            SimpleStatement select = SimpleStatement.newInstance("SELECT row FROM " + ks + ".wide WHERE part = 1").setPageSize(100);
            int seen = 0;
            for (Row row : db.execute(select)) equal(seen++, row.getInt(0));
            equal(900, seen);
            PagingState state = db.execute(select).getExecutionInfo().getSafePagingState();
            equal(100, db.execute(select.setPagingState(state)).one().getInt(0));
        });
        check("light-weight transactions", () -> {
            PreparedStatement insert = db.prepare("INSERT INTO " + ks + ".plain (id, a) VALUES (50, ?) IF NOT EXISTS");
            BoundStatement bound = insert.bind("a").setSerialConsistencyLevel(DefaultConsistencyLevel.LOCAL_SERIAL);
            equal(true, db.execute(bound).wasApplied());
            equal(false, db.execute(bound).wasApplied());
        });
        check("a warning of the node", () -> equal(1,
            db.execute("SELECT count(*) FROM " + ks + ".plain").getExecutionInfo().getWarnings().size()));
        check("both compressions", () -> {
            for (String kind : List.of("lz4", "snappy")) {
                try (CqlSession own = with(patient().withString(DefaultDriverOption.PROTOCOL_COMPRESSION, kind)
                        .withString(DefaultDriverOption.PROTOCOL_VERSION, "V4"))) {
                    String text = kind.repeat(10000);
                    own.execute("INSERT INTO " + ks + ".plain (id, a) VALUES (2, ?)", text);
                    equal(text, a(own, 2));
                }
            }
        });
        check("a request over the limit costs only itself", () -> {
            PreparedStatement insert = db.prepare("INSERT INTO " + ks + ".plain (id, c) VALUES (3, ?)");
            CompletionStage<AsyncResultSet> other = db.executeAsync("SELECT a FROM " + ks + ".plain WHERE id = 1");
            fails(InvalidQueryException.class, () -> db.execute(insert.bind(ByteBuffer.allocate(17 << 20))));
            equal("one", other.toCompletableFuture().get().one().getString(0));
            equal("one", a(db, 1));
        });
        check("changes of schema are agreed on and seen", () -> {
            db.execute("DROP KEYSPACE IF EXISTS " + ks + "_nowhere");
            equal(true, db.execute("CREATE TABLE " + ks + ".made (id int PRIMARY KEY, a text)").getExecutionInfo().isSchemaInAgreement());
            PreparedStatement select = db.prepare("SELECT * FROM " + ks + ".made WHERE id = 1");
            db.execute("INSERT INTO " + ks + ".made (id, a) VALUES (1, 'a')");
            equal(2, db.execute(select.bind()).getColumnDefinitions().size());
            db.execute("ALTER TABLE " + ks + ".made ADD b int");
            equal(3, db.getMetadata().getKeyspace(ks).get().getTable("made").get().getColumns().size());
            equal(3, db.execute(select.bind()).getColumnDefinitions().size());
            db.execute("DROP TABLE " + ks + ".made");
            equal(false, db.getMetadata().getKeyspace(ks).get().getTable("made").isPresent());
        });
        check("errors are the driver's own", () -> {
            fails(SyntaxError.class, () -> db.execute("SELEC"));
            fails(InvalidQueryException.class, () -> db.prepare("SELECT nothing FROM " + ks + ".plain"));
            fails(AlreadyExistsException.class, () -> db.execute("CREATE TABLE " + ks + ".plain (id int PRIMARY KEY)"));
            fails(UnauthorizedException.class, () -> db.execute("CREATE ROLE intruder"));
            fails(AllNodesFailedException.class, () -> db.execute(SimpleStatement
                .newInstance("SELECT a FROM " + ks + ".plain WHERE id = 1").setConsistencyLevel(DefaultConsistencyLevel.TWO)));
        });
        check("a token that may less", () -> {
            try (CqlSession own = builder("token", word("LIMITED")).build()) {
                equal("one", a(own, 1));
                fails(UnauthorizedException.class, () -> own.execute("SELECT * FROM " + ks + ".wide"));
                fails(UnauthorizedException.class, () -> own.prepare("SELECT * FROM vault.secrets"));
                equal(Set.of("plain"), Set.copyOf(own.getMetadata().getKeyspace(ks).get().getTables().keySet().stream()
                    .map(CqlIdentifier::asInternal).toList()));
            }
        });
        check("a keyspace in use, eight connections, speculative executions", () -> {
            try (CqlSession own = builder("token", word("TOKEN")).withKeyspace(ks).withConfigLoader(patient()
                    .withClass(DefaultDriverOption.SPECULATIVE_EXECUTION_POLICY_CLASS, ConstantSpeculativeExecutionPolicy.class)
                    .withInt(DefaultDriverOption.SPECULATIVE_EXECUTION_MAX, 2)
                    .withDuration(DefaultDriverOption.SPECULATIVE_EXECUTION_DELAY, Duration.ofMillis(1))
                    .withInt(DefaultDriverOption.CONNECTION_POOL_LOCAL_SIZE, 8).build()).build()) {
                SimpleStatement select = SimpleStatement.newInstance("SELECT a FROM plain WHERE id = 1").setIdempotent(true);
                for (int n = 0; n < 50; n++) equal("one", own.execute(select).one().getString(0));
            }
        });
        check("a token that is deleted", () -> {
            try (CqlSession own = builder("token", word("DOOMED")).build()) {
                equal("one", a(own, 1));
                HttpRequest delete = HttpRequest.newBuilder(URI.create(word("DELETE"))).DELETE()
                    .header("Authorization", "Bearer " + word("ADMINISTRATOR")).build();
                equal(204, HttpClient.newHttpClient().send(delete, HttpResponse.BodyHandlers.discarding()).statusCode());
                fails(Exception.class, () -> a(own, 1));
            }
            refusedLogin("token", word("DOOMED"));
        });
        db.close();
        System.exit(0);
    }
}
