// The unmodified Go driver through the gateway: one JSON line for each check.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	gocql "github.com/apache/cassandra-gocql-driver/v2"
	"github.com/apache/cassandra-gocql-driver/v2/lz4"
	"github.com/apache/cassandra-gocql-driver/v2/snappy"
)

var ks = word("KEYSPACE")
var db *gocql.Session

func word(name string) string { return os.Getenv("CHECK_" + name) }

func config(user, password string) *gocql.ClusterConfig {
	c := gocql.NewCluster("127.0.0.1")
	c.Port, _ = strconv.Atoi(word("PORT"))
	c.Timeout, c.ConnectTimeout = time.Minute, 30*time.Second
	c.Authenticator = gocql.PasswordAuthenticator{Username: user, Password: password}
	c.PoolConfig.HostSelectionPolicy = gocql.TokenAwareHostPolicy(gocql.DCAwareRoundRobinPolicy("datacenter1"))
	c.Logger = gocql.NewLogger(gocql.LogLevelNone)
	return c
}

func open(user, password string, change func(*gocql.ClusterConfig)) *gocql.Session {
	c := config(user, password)
	if change != nil {
		change(c)
	}
	session, err := c.CreateSession()
	good(err)
	return session
}

func good(err error) {
	if err != nil {
		panic(err)
	}
}

func equal(wanted, got any) {
	if fmt.Sprint(wanted) != fmt.Sprint(got) {
		panic(fmt.Sprintf("not %v but %v", wanted, got))
	}
}

// An error of this kind, and no other.
func fails[E error](err error) {
	var wanted E
	if !errors.As(err, &wanted) {
		panic(fmt.Sprintf("not a %T but a %T: %v", wanted, err, err))
	}
}

func run(text string, values ...any) { good(db.Query(text, values...).Exec()) }

func a(session *gocql.Session, id int) (text string) {
	good(session.Query("SELECT a FROM "+ks+".plain WHERE id = ?", id).Scan(&text))
	return text
}

func columns(text string) int {
	iter := db.Query(text).Iter()
	n := len(iter.Columns())
	good(iter.Close())
	return n
}

func refusedLogin(user, password string) {
	session, err := config(user, password).CreateSession()
	if err == nil {
		session.Close()
		panic("logged in")
	}
	equal(true, strings.Contains(err.Error(), "username and/or password are incorrect"))
}

type address struct {
	Street string `cql:"street"`
	Number int    `cql:"number"`
}

var checks = []struct {
	name string
	run  func()
}{
	{"finds a version by itself", func() { db = open("token", word("TOKEN"), nil) }},
	{"versions 3 and 4", func() {
		run("INSERT INTO "+ks+".plain (id, a, l, m) VALUES (?, ?, ?, ?)", 1, "one", []int{1, 2}, map[string]int{"k": 1})
		for _, version := range []int{3, 4} {
			own := open("token", word("TOKEN"), func(c *gocql.ClusterConfig) { c.ProtoVersion = version })
			equal("one", a(own, 1))
			own.Close()
		}
	}},
	{"a wrong token", func() { refusedLogin("token", word("TOKEN")+"x") }},
	{"client id and secret", func() { open(word("CLIENT_ID"), word("SECRET"), nil).Close() }},
	{"schema metadata", func() {
		keyspace, err := db.KeyspaceMetadata(ks)
		good(err)
		equal(5, len(keyspace.Tables))
		equal("row", keyspace.Tables["wide"].ClusteringColumns[0].Name)
		equal(2, len(keyspace.UserTypes["address"].FieldNames))
	}},
	{"names, collections, user types, vectors", func() {
		var list []int
		good(db.Query("SELECT l FROM "+ks+".plain WHERE id = :id", gocql.NamedValue("id", 1)).Scan(&list))
		equal([]int{1, 2}, list)
		var home address
		run("INSERT INTO "+ks+".people (id, home) VALUES (1, ?)", address{"Long", 3})
		good(db.Query("SELECT home FROM " + ks + ".people WHERE id = 1").Scan(&home))
		equal(address{"Long", 3}, home)
		var vector []float32
		run("INSERT INTO "+ks+".vectors (id, v) VALUES (1, ?)", []float32{1, 2, 3})
		good(db.Query("SELECT v FROM " + ks + ".vectors WHERE id = 1").Scan(&vector))
		equal([]float32{1, 2, 3}, vector)
	}},
	{"batches of all kinds, and pages", func() {
		for _, kind := range []gocql.BatchType{gocql.LoggedBatch, gocql.UnloggedBatch} {
			batch := db.Batch(kind).WithTimestamp(1000)
			for n := 0; n < 30; n++ {
				batch.Query("INSERT INTO "+ks+".wide (part, row, v) VALUES (?, ?, ?)", 1, n, "v")
			}
			batch.Query("INSERT INTO " + ks + ".wide (part, row, v) VALUES (1, 30, 'text')")
			good(batch.Exec())
		}
		good(db.Batch(gocql.CounterBatch).Query("UPDATE "+ks+".counts SET n = n + ? WHERE id = 1", int64(2)).Exec())
		iter := db.Query("SELECT row FROM " + ks + ".wide WHERE part = 1").PageSize(7).Iter()
		seen, row := 0, 0
		for ; iter.Scan(&row); seen++ {
			equal(seen, row)
		}
		good(iter.Close())
		equal(31, seen)
	}},
	{"light-weight transactions", func() {
		for _, first := range []bool{true, false} {
			query := db.Query("INSERT INTO " + ks + ".plain (id, a) VALUES (50, 'a') IF NOT EXISTS").SerialConsistency(gocql.LocalSerial)
			applied, err := query.MapScanCAS(map[string]any{})
			good(err)
			equal(first, applied)
		}
	}},
	{"both compressions", func() {
		for _, kind := range []gocql.Compressor{lz4.LZ4Compressor{}, snappy.SnappyCompressor{}} {
			own := open("token", word("TOKEN"), func(c *gocql.ClusterConfig) { c.Compressor = kind })
			text := strings.Repeat(kind.Name(), 10000)
			good(own.Query("INSERT INTO "+ks+".plain (id, a) VALUES (2, ?)", text).Exec())
			equal(text, a(own, 2))
			own.Close()
		}
	}},
	{"a request over the limit costs only itself", func() {
		fails[*gocql.RequestErrInvalid](db.Query("INSERT INTO "+ks+".plain (id, c) VALUES (3, ?)", make([]byte, 17<<20)).Exec())
		equal("one", a(db, 1))
	}},
	{"changes of schema", func() {
		run("DROP KEYSPACE IF EXISTS " + ks + "_nowhere")
		run("CREATE TABLE " + ks + ".made (id int PRIMARY KEY, a text)")
		run("INSERT INTO " + ks + ".made (id, a) VALUES (1, 'a')")
		equal(2, columns("SELECT * FROM "+ks+".made WHERE id = 1"))
		run("ALTER TABLE " + ks + ".made ADD b int")
		equal(3, columns("SELECT * FROM "+ks+".made WHERE id = 1"))
		run("DROP TABLE " + ks + ".made")
	}},
	{"errors are the driver's own", func() {
		fails[*gocql.RequestErrSyntax](db.Query("SELEC").Exec())
		fails[*gocql.RequestErrInvalid](db.Query("SELECT nothing FROM " + ks + ".plain").Exec())
		fails[*gocql.RequestErrAlreadyExists](db.Query("CREATE TABLE " + ks + ".plain (id int PRIMARY KEY)").Exec())
		fails[*gocql.RequestErrUnavailable](db.Query("SELECT a FROM " + ks + ".plain WHERE id = 1").Consistency(gocql.Two).Exec())
		fails[*gocql.RequestErrUnauthorized](db.Query("CREATE ROLE intruder").Exec())
	}},
	{"a token that may less", func() {
		own := open("token", word("LIMITED"), nil)
		defer own.Close()
		equal("one", a(own, 1))
		fails[*gocql.RequestErrUnauthorized](own.Query("SELECT * FROM " + ks + ".wide").Exec())
		fails[*gocql.RequestErrUnauthorized](own.Query("SELECT * FROM vault.secrets WHERE id = ?", 1).Exec())
	}},
	{"a keyspace in use, eight connections", func() {
		own := open("token", word("TOKEN"), func(c *gocql.ClusterConfig) { c.Keyspace, c.NumConns = ks, 8 })
		defer own.Close()
		for n := 0; n < 50; n++ {
			good(own.Query("SELECT a FROM plain WHERE id = ?", n).Exec())
		}
	}},
	{"a token that is deleted", func() {
		own := open("token", word("DOOMED"), nil)
		defer own.Close()
		equal("one", a(own, 1))
		request, err := http.NewRequest("DELETE", word("DELETE"), bytes.NewReader(nil))
		good(err)
		request.Header.Set("Authorization", "Bearer "+word("ADMINISTRATOR"))
		answer, err := http.DefaultClient.Do(request)
		good(err)
		equal(204, answer.StatusCode)
		equal(true, own.Query("SELECT a FROM "+ks+".plain WHERE id = 1").Exec() != nil)
		refusedLogin("token", word("DOOMED"))
	}},
}

func failure(run func()) (found any) {
	defer func() {
		if found = recover(); found != nil {
			found = fmt.Sprint(found)
		}
	}()
	run()
	return nil
}

func main() {
	for _, check := range checks {
		good(json.NewEncoder(os.Stdout).Encode(map[string]any{"name": check.name, "error": failure(check.run)}))
	}
	db.Close()
}
