/* Cassandra's own CQL lexer and parser as the judge: one hexadecimal text a line in, one verdict a line
 * out. "parse": OK and the class of the statement, or ERR and why. "lex": the tokens, or ERR. */
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import org.antlr.runtime.ANTLRStringStream;
import org.antlr.runtime.BaseRecognizer;
import org.antlr.runtime.Token;
import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.cql3.CQLFragmentParser;
import org.apache.cassandra.cql3.CQLStatement;
import org.apache.cassandra.cql3.CqlLexer;
import org.apache.cassandra.cql3.CqlParser;
import org.apache.cassandra.cql3.ErrorListener;

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

    public static void main(String[] args) throws Exception
    {
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, "UTF-8");
        System.setOut(System.err);    /* the log belongs elsewhere */
        DatabaseDescriptor.clientInitialization(false);
        boolean lexing = args[0].equals("lex");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine())
        {
            String verdict;
            try
            {
                verdict = lexing ? lex(unhex(line)) : parse(unhex(line));
            }
            catch (Throwable e)
            {
                verdict = "ERR " + e.getClass().getSimpleName() + " " + e.getMessage();
            }
            out.println(verdict.replace('\n', ' ').replace('\r', ' '));
        }
    }
}
