/** Where a driver goes, and as what it says to belong. */
export interface Target {
  host: string;
  port: number;
  /** Drivers want to know the local datacenter; empty: not known here. */
  datacenter: string;
}

export interface Snippet {
  key: string;
  title: string;
  text: string;
}

/** What stands where nobody's token is at hand. */
export const placeholder = 'AstraCS:YOUR-TOKEN';

const unknown: Target = { host: 'GATEWAY', port: 9042, datacenter: 'DATACENTER' };

/** "host:port" and "[::1]:9042" as the API gives a database's cqlAddress. */
export function targetOf(cqlAddress: string | undefined, datacenter: string | undefined): Target {
  const parts = /^\[?(.+?)\]?:(\d+)$/.exec(cqlAddress ?? '');
  if (!parts) return { ...unknown, datacenter: datacenter ?? unknown.datacenter };
  return { host: parts[1] ?? '', port: Number(parts[2]), datacenter: datacenter ?? unknown.datacenter };
}

function together({ host, port }: Target): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const cqlsh = ({ host, port }: Target, token: string) => `cqlsh ${host} ${port} -u token -p '${token}'
# or, with the downloaded cqlshrc, without the token in the shell's history:
cqlsh --cqlshrc=./cqlshrc`;

const python = ({ host, port, datacenter }: Target, token: string) => `# pip install cassandra-driver
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster, EXEC_PROFILE_DEFAULT, ExecutionProfile
from cassandra.policies import DCAwareRoundRobinPolicy

local = ExecutionProfile(load_balancing_policy=DCAwareRoundRobinPolicy(local_dc="${datacenter}"))
cluster = Cluster(
    ["${host}"],
    port=${port},
    auth_provider=PlainTextAuthProvider("token", "${token}"),
    execution_profiles={EXEC_PROFILE_DEFAULT: local},
)
session = cluster.connect()`;

const java = (
  { host, port, datacenter }: Target,
  token: string,
) => `// com.datastax.oss:java-driver-core:4.17.0
import com.datastax.oss.driver.api.core.CqlSession;
import java.net.InetSocketAddress;

CqlSession session = CqlSession.builder()
    .addContactPoint(new InetSocketAddress("${host}", ${port}))
    .withLocalDatacenter("${datacenter}")
    .withAuthCredentials("token", "${token}")
    .build();`;

const node = (target: Target, token: string) => `// npm install cassandra-driver
const cassandra = require('cassandra-driver');

const client = new cassandra.Client({
  contactPoints: ['${together(target)}'],
  localDataCenter: '${target.datacenter}',
  authProvider: new cassandra.auth.PlainTextAuthProvider('token', '${token}'),
});
await client.connect();`;

const go = (target: Target, token: string) => `// go get github.com/gocql/gocql
cluster := gocql.NewCluster("${together(target)}")
cluster.Authenticator = gocql.PasswordAuthenticator{
	Username: "token",
	Password: "${token}",
}
session, err := cluster.CreateSession()`;

/** Ready to be pasted, with this gateway's address; the user name is always "token", the password the token. */
export function driverSnippets(target: Target, token: string): Snippet[] {
  return [
    { key: 'cqlsh', title: 'cqlsh', text: cqlsh(target, token) },
    { key: 'python', title: 'Python', text: python(target, token) },
    { key: 'java', title: 'Java', text: java(target, token) },
    { key: 'node', title: 'Node.js', text: node(target, token) },
    { key: 'go', title: 'Go', text: go(target, token) },
  ];
}

export function apiSnippet(origin: string, token: string): Snippet {
  return {
    key: 'api',
    title: 'REST API',
    text: `curl -H 'Authorization: Bearer ${token}' ${origin}/v2/currentOrg`,
  };
}

export function cqlshrc({ host, port }: Target, token: string): string {
  return `[authentication]
username = token
password = ${token}

[connection]
hostname = ${host}
port = ${port}
`;
}
