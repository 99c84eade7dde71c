/* Cassandra's own CQL lexer and parser as the judge: one hexadecimal text a line in, one verdict a line
 * out. "parse": OK and the class of the statement, or ERR and why. "lex": the tokens, or ERR. "names": as
 * "parse", then what the statement was parsed to: qualified names, IF, the statements of a batch. */
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

import org.antlr.runtime.ANTLRStringStream;
import org.antlr.runtime.BaseRecognizer;
import org.antlr.runtime.Token;
import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.cql3.CQLFragmentParser;
import org.apache.cassandra.cql3.CQLStatement;
import org.apache.cassandra.cql3.CqlLexer;
import org.apache.cassandra.cql3.CqlParser;
import org.apache.cassandra.cql3.ErrorListener;
import org.apache.cassandra.cql3.QualifiedName;

public final class Judge
{
    static final class Failed extends RuntimeException
    {
        Failed(String why)
        {
            super(why);
        }
    }

    static final class Throwing implements ErrorListener
    {
        public void syntaxError(BaseRecognizer recognizer, String[] names, org.antlr.runtime.RecognitionException e)
        {
            throw new Failed(recognizer.getErrorHeader(e) + " " + recognizer.getErrorMessage(e, names));
        }

        public void syntaxError(BaseRecognizer recognizer, String message)
        {
            throw new Failed(message);
        }
    }

    static String unhex(String line)
    {
        byte[] b = new byte[line.length() / 2];
        for (int i = 0; i < b.length; i++) b[i] = (byte) Integer.parseInt(line.substring(2 * i, 2 * i + 2), 16);
        return new String(b, StandardCharsets.UTF_8);
    }

    static String lex(String text)
    {
        CqlLexer lexer = new CqlLexer(new ANTLRStringStream(text));
        lexer.addErrorListener(new Throwing());
        StringBuilder out = new StringBuilder("OK");
        for (Token t = lexer.nextToken(); t.getType() != Token.EOF; t = lexer.nextToken())
        {
            if (t.getChannel() != Token.DEFAULT_CHANNEL) continue;
            String name = CqlParser.tokenNames[t.getType()];
            org.antlr.runtime.CommonToken c = (org.antlr.runtime.CommonToken) t;
            out.append(' ').append(name).append('@').append(c.getStartIndex()).append('-').append(c.getStopIndex() + 1);
        }
        return out.toString();
    }

    static String parse(String text) throws Exception
    {
        CQLStatement.Raw raw = CQLFragmentParser.parseAnyUnhandled(CqlParser::query, text);
        if (raw == null) return "ERR nothing";
        String name = raw.getClass().getName();
        return "OK " + name.substring(name.lastIndexOf('.') + 1);
    }

    /* What decides about rights: fields that hold a qualified name or a condition. "~": no keyspace. */
    static void describe(Object raw, StringBuilder out) throws Exception
    {
        String name = raw.getClass().getName();
        out.append(name.substring(name.lastIndexOf('.') + 1));
        for (Class<?> c = raw.getClass(); c != Object.class; c = c.getSuperclass())
        {
            for (Field f : c.getDeclaredFields())
            {
                f.setAccessible(true);
                Object v = f.get(raw);
                if (v instanceof QualifiedName)
                {
                    QualifiedName q = (QualifiedName) v;
                    out.append('\t').append(f.getName()).append('=');
                    out.append(q.hasKeyspace() ? q.getKeyspace() : "~").append('\u0001').append(q.getName());
                }
                else if (f.getName().equals("ifNotExists") || f.getName().equals("ifExists"))
                {
                    if ((Boolean) v) out.append("\tif=");
                }
                else if (f.getName().equals("conditions"))
                {
                    if (!((Collection<?>) v).isEmpty()) out.append("\tif=");
                }
                else if (f.getName().equals("parsedStatements"))
                {
                    for (Object inner : (Collection<?>) v) describe(inner, out.append('\u0002'));
                }
            }
        }
    }

    static String names(String text) throws Exception
    {
        CQLStatement.Raw raw = CQLFragmentParser.parseAnyUnhandled(CqlParser::query, text);
        StringBuilder out = new StringBuilder("OK ");
        if (raw == null) return "ERR nothing";
        describe(raw, out);
        return out.toString();
    }

    public static void main(String[] args) throws Exception
    {
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, "UTF-8");
        System.setOut(System.err);    /* the log belongs elsewhere */
        DatabaseDescriptor.clientInitialization(false);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine())
        {
            String verdict;
            try
            {
                String text = unhex(line);
                verdict = args[0].equals("lex") ? lex(text) : args[0].equals("names") ? names(text) : parse(text);
            }
            catch (Throwable e)
            {
                verdict = "ERR " + e.getClass().getSimpleName() + " " + e.getMessage();
            }
            out.println(verdict.replace('\n', ' ').replace('\r', ' '));
        }
    }
}
