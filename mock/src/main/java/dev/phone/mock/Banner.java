// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the mock prints when it is ready: URLs, credentials, and commands to try. It fits 80 columns at the default address, and the commands can be
 * pasted into bash, zsh, PowerShell and cmd.
 */
final class Banner {

    private Banner() {
    }

    static String of(PhoneMock mock, MockOptions options) {
        String url = mock.url();
        StringBuilder text = new StringBuilder(options.port == 0 ? "PHONE_MOCK_PORT=" + mock.port() + "\n" : "");
        text.append("""

                Phone mock is ready at %s%s

                  docs      %s/docs, or /docs.md for a terminal
                  contract  %s/openapi.json, or .yaml
                  admin     %s/__admin/phone/clock, /reset, /state
                  health    %s/health/live, /health/ready
                """.formatted(url, options.limits ? "" : "   RATE LIMITS ARE OFF", url, url, url, url));
        credentials(text, mock, "alice", "user of the demo world");
        credentials(text, mock, "bob", "another user");
        credentials(text, mock, "app", "alice's application");
        Map<String, String> alice = mock.credentials("alice");
        if (alice != null) {
            String curl = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows") ? "curl.exe " : "curl ";
            String headers = alice.entrySet().stream().map(header -> " -H \"" + header.getKey() + ": " + header.getValue() + "\"").reduce("", String::concat);
            List<String> lines = mock.engine().has("listProjects") && mock.engine().has("listNumbers") && mock.engine().has("createBin")
                    ? List.of(url + "/v1/projects" + headers, url + "/v1/numbers" + headers, url + "/v1/sandbox/bins -X POST") : List.of();
            if (!lines.isEmpty()) {
                text.append("\nTry:\n\n");
                lines.forEach(line -> text.append("  ").append(curl).append(line).append('\n'));
            }
        }
        return text.toString();
    }

    /** Not indented, because a secret is nearly as long as a line. */
    private static void credentials(StringBuilder text, PhoneMock mock, String name, String who) {
        Map<String, String> headers = mock.credentials(name);
        if (headers != null) {
            text.append("\n  %-8s  %s\n".formatted(name, who));
            headers.entrySet().stream().sorted(Map.Entry.comparingByKey())
                    .forEach(header -> text.append(header.getKey()).append(": ").append(header.getValue()).append('\n'));
        }
    }
}
