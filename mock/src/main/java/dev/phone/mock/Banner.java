// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import java.util.Map;
import java.util.stream.Collectors;

/** What the mock says when it is ready: where things are, who may call, and what to try first. */
final class Banner {

    private Banner() {
    }

    static String of(PhoneMock mock, MockOptions options) {
        String url = mock.url();
        StringBuilder text = new StringBuilder("""

                Phone mock is ready at %s%s

                  docs      %s/docs
                  contract  %s/openapi.json   %s/openapi.yaml
                  admin     %s/__admin/phone/clock   /reset   /state   (the rest is WireMock's)
                """.formatted(url, options.limits ? "" : "   RATE LIMITS ARE OFF", url, url, url, url));
        credentials(text, mock, "alice", "the demo world's user");
        credentials(text, mock, "bob", "someone else");
        credentials(text, mock, "app", "an application of hers");
        if (mock.credentials("alice") != null && mock.engine().has("listProjects") && mock.engine().has("createProject")) {
            text.append("\nTry:\n\n  curl ").append(url).append("/v1/projects").append(headers(mock.credentials("alice")))
                    .append("\n  curl ").append(url).append("/v1/projects").append(headers(mock.credentials("alice")))
                    .append(" -H 'content-type: application/json' -d '{\"name\": \"Newsletter\"}'");
        }
        if (mock.credentials("app") != null && mock.engine().has("sendOtp")) {
            text.append("\n  curl ").append(url).append("/v1/otp/send").append(headers(mock.credentials("app")))
                    .append(" -H 'content-type: application/json' -d '{\"phoneNumber\": \"+999 482 918 102\"}'\n");
        }
        return text.toString();
    }

    private static void credentials(StringBuilder text, PhoneMock mock, String name, String who) {
        Map<String, String> headers = mock.credentials(name);
        if (headers != null) {
            text.append("\n  %-8s  %s".formatted(name, who));
            headers.entrySet().stream().sorted(Map.Entry.comparingByKey())
                    .forEach(header -> text.append("\n            ").append(header.getKey()).append(": ").append(header.getValue()));
            text.append('\n');
        }
    }

    private static String headers(Map<String, String> headers) {
        return headers.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(header -> " -H '" + header.getKey() + ": " + header.getValue() + "'").collect(Collectors.joining());
    }
}
