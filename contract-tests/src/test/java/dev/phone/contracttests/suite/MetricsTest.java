// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.ApiProcess;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's README names each metric of the server, and no other. */
class MetricsTest {
    private static final Pattern ROW = Pattern.compile("^\\| `(phone_\\w+?)(?:_\\*)?(?:\\{[^`]*})?` \\|", Pattern.MULTILINE);
    private static final Pattern TYPE = Pattern.compile("^# TYPE (phone_\\w+) ", Pattern.MULTILINE);

    @Test
    void areThoseOfTheReadme(@TempDir Path directory) throws Exception {
        int management;
        try (ServerSocket free = new ServerSocket(0)) {
            management = free.getLocalPort();
        }
        // There is no such Redis, so that the node counts on its own.
        Map<String, String> environment = Map.of("PHONE_MANAGEMENT_PORT", String.valueOf(management), "PHONE_LIMITS_REDIS_URL", "redis://127.0.0.1:1");
        try (ApiProcess server = ApiProcess.start(directory, environment); HttpClient client = HttpClient.newHttpClient()) {
            get(client, server.url("/v1/projects"));
            String metrics = get(client, "http://localhost:" + management + "/metrics");
            Set<String> documented = names(ROW, Files.readString(ApiProcess.ROOT.resolve("server/README.md")));
            assertTrue(documented.size() >= 8, documented.toString());
            assertEquals(documented, names(TYPE, metrics), metrics);
        }
    }

    private static String get(HttpClient client, String url) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    /** The names of the metrics, without the suffixes of their parts. */
    private static Set<String> names(Pattern pattern, String text) {
        Set<String> names = new TreeSet<>();
        Matcher name = pattern.matcher(text);
        while (name.find()) {
            names.add(name.group(1).replaceFirst("_(total|max)$", ""));
        }
        return names;
    }
}
