// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.proof;

import dev.phone.contracttests.pact.LoadedPact;
import dev.phone.contracttests.pact.PactProblem;
import dev.phone.contracttests.pact.Table;
import dev.phone.contracttests.pact.Verdict;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.logging.LogManager;

/** {@code mvn -Pproof}: checks whether a deployed API conforms to the contract and satisfies pacts. */
public final class Main {
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String USAGE = """
            Which API?
              mvn -Pproof -Durl=https://…   contract, documentation, refusals
                                -Dcredentials=FILE          and the GETs that these credentials permit: a properties file with token, clientId, clientSecret, apiKey,
                                            IDs such as projectId, or demo=true
                -Dpacts=DIR                 and pact files: all in a folder, or one file
                -Dwrite=true                also creates, changes and deletes a project, and creates a bin; without it nothing is changed""";

    private Main() {
    }

    public static void main(String[] arguments) {
        // Logs of pact-jvm and the validators would clutter the verdicts.
        LogManager.getLogManager().reset();
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.exit(run(System.getProperty("url", ""), System.getProperty("credentials", ""), System.getProperty("pacts", ""),
                System.getProperty("write", ""), out));
    }

    /**
     * @param credentials a file; empty for none
     * @param pacts a file or folder; empty for none
     * @param write whether requests may change anything: {@code true}, or {@code false} or empty
     * @return the exit code: 0 if everything holds, 1 if not, 2 if the API could not be checked
     */
    static int run(String url, String credentials, String pacts, String write, PrintStream out) {
        if (url.isBlank()) {
            out.println(USAGE);
            return 2;
        }
        try {
            if (!Set.of("", "true", "false").contains(write)) {
                throw new PactProblem("write must be true or false, not " + write);
            }
            Credentials known = credentials.isBlank() ? Credentials.none() : Credentials.read(Path.of(credentials));
            Table table = new Table(out, known::redacted);
            try {
                return prove(url(url, known), known, pacts, write.equals("true"), table);
            } catch (PactProblem e) {
                table.line("ERROR " + e.getMessage());
                return 2;
            }
        } catch (PactProblem e) {
            out.println("ERROR " + e.getMessage());
            return 2;
        }
    }

    private static URI url(String text, Credentials credentials) {
        URI url;
        try {
            url = URI.create(text.strip().replaceAll("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new PactProblem("the url is invalid: " + e.getMessage());
        }
        if (!Set.of("http", "https").contains(String.valueOf(url.getScheme())) || url.getHost() == null) {
            throw new PactProblem("the url must be http:// or https:// and a host, such as https://api.example.com");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null || !url.getRawPath().isEmpty()) {
            throw new PactProblem("the url must be only a scheme, a host and a port: paths come from the contract, credentials from a file");
        }
        if (url.getScheme().equals("http") && !LOCAL.contains(url.getHost()) && !credentials.values().isEmpty()) {
            throw new PactProblem("credentials are only sent over https or to this machine; " + url + " is neither");
        }
        return url;
    }

    private static int prove(URI url, Credentials credentials, String pacts, boolean writes, Table table) {
        List<LoadedPact> loaded = pacts.isBlank() ? List.of() : table.read(Path.of(pacts));
        try (Deployed deployed = new Deployed(url, credentials, writes, table::line)) {
            Proof proof = new Proof(deployed, credentials, table);
            proof.documents();
            proof.refusals();
            proof.reads();
            if (writes) {
                proof.writes();
            }
            proof.pacts(loaded);
            table.summary(deployed.requests() + " requests to " + url + (writes ? "" : ", none of which changes anything"));
        }
        table.advice(Verdict.Kind.NOT_BUILT, "Not built yet: the contract has it, but this server answers 501.");
        table.advice(Verdict.Kind.NOT_TRIED, "Not tried: the line below the verdict says what is missing.");
        return table.failed() ? 1 : 0;
    }
}
