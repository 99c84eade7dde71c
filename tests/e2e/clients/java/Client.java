import com.dtsx.astra.sdk.AstraOpsClient;
import com.dtsx.astra.sdk.org.domain.CreateTokenRequest;
import com.dtsx.astra.sdk.org.domain.CreateTokenResponse;
import com.dtsx.astra.sdk.org.domain.Permission;
import com.dtsx.astra.sdk.org.domain.RoleDefinition;
import com.dtsx.astra.sdk.utils.AstraEnvironment;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Field;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The Java SDK as it comes: what it does with roles, tokens, users and databases, told as one JSON object. */
public class Client {
    /** Its environments know the hosted service's addresses only; the field is not final. */
    static void pointAt(String url) throws Exception {
        Field endpoint = AstraEnvironment.class.getDeclaredField("endpoint");
        endpoint.setAccessible(true);
        for (AstraEnvironment e : AstraEnvironment.values()) endpoint.set(e, url);
    }

    public static void main(String[] args) throws Exception {
        Map<String, Object> seen = new LinkedHashMap<>();
        String database = System.getenv("LATCHKEY_DATABASE");
        pointAt(System.getenv("LATCHKEY_API") + "/v2");
        AstraOpsClient ops = new AstraOpsClient(System.getenv("LATCHKEY_TOKEN"), AstraEnvironment.PROD);
        seen.put("organization", ops.getOrganizationId());
        seen.put("organizationName", ops.getOrganization().getName());
        String role = ops.roles().create(RoleDefinition.builder(System.getenv("LATCHKEY_ORGANIZATION"))
            .name("java sdk").description("made by the Java SDK").addPermision(Permission.db_cql)
            .addPermision(Permission.db_table_select).addResourceDatabase(database)
            .addResourceTable(database, "shop", "orders").build()).getRoleId();
        seen.put("role", ops.roles().get(role).getName());
        seen.put("resources", ops.roles().get(role).getPolicy().getResources());
        CreateTokenRequest wish = new CreateTokenRequest();
        wish.setRoles(Set.of(role));
        wish.setDescription("made by the Java SDK");
        wish.setExpirationDate(Instant.now().plusSeconds(3600));
        CreateTokenResponse token = ops.tokens().create(wish);
        seen.put("tokenText", token.getToken());
        seen.put("listed", ops.tokens().exist(token.getClientId()));
        seen.put("description", ops.tokens().findById(token.getClientId()).get().getDescription());
        seen.put("expiry", ops.tokens().findById(token.getClientId()).get().getTokenExpiry());
        ops.tokens().delete(token.getClientId());
        seen.put("listedAfter", ops.tokens().exist(token.getClientId()));
        ops.roles().delete(role);
        seen.put("roleAfter", ops.roles().exist(role));
        ops.users().invite("java@example.com", "d2cfcd63-055c-4a58-b957-8916d4a007a5");
        seen.put("invited", ops.users().findByEmail("java@example.com").get().getStatus().toString());
        ops.users().deleteByEmail("java@example.com");
        seen.put("users", ops.users().findAll().map(u -> u.getEmail()).collect(Collectors.toList()));
        seen.put("databases", ops.db().findAllNonTerminated().map(d -> d.getInfo().getName()).collect(Collectors.toList()));
        seen.put("absent", ops.db().findById(UUID.randomUUID().toString()).isPresent());
        ops.db().database(database).keyspaces().create("java_sdk");
        seen.put("keyspaces", ops.db().database(database).keyspaces().findAll());
        ops.db().database(database).keyspaces().delete("java_sdk");
        seen.put("keyspacesAfter", ops.db().database(database).keyspaces().findAll());
        System.out.println(new ObjectMapper().writeValueAsString(seen));
    }
}
