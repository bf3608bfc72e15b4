// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A response of ours, to be given again by a bare server: the arguments METHOD, PATH and FILE, where FILE.head is what {@code curl -D} wrote
 * and FILE.body what {@code curl -o} did.
 */
record Recorded(String method, String path, int status, List<String[]> headers, byte[] body) {
    /** A server writes these itself. */
    private static final Set<String> SERVERS_OWN = Set.of("date", "content-length", "transfer-encoding", "connection", "server", "vary");

    static List<Recorded> of(String[] arguments, int from) throws IOException {
        List<Recorded> all = new ArrayList<>();
        for (int i = from; i < arguments.length; i += 3) {
            List<String> head = Files.readAllLines(Path.of(arguments[i + 2] + ".head"));
            List<String[]> headers = new ArrayList<>();
            for (String line : head.subList(1, head.size())) {
                int colon = line.indexOf(':');
                if (colon > 0 && !SERVERS_OWN.contains(line.substring(0, colon).toLowerCase(Locale.ROOT))) {
                    headers.add(new String[] {line.substring(0, colon), line.substring(colon + 1).strip()});
                }
            }
            all.add(new Recorded(arguments[i], arguments[i + 1], Integer.parseInt(head.getFirst().split(" ")[1]), headers,
                    Files.readAllBytes(Path.of(arguments[i + 2] + ".body"))));
        }
        return all;
    }
}
