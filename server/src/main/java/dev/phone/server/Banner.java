// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import jakarta.json.JsonObject;
import java.util.stream.Collectors;

/** What the server says when it has started: where it is, and with the demo world, how to use it. */
final class Banner {

    private Banner() {
    }

    static String of(Phone phone) {
        String base = phone.address();
        String where = """
                Phone listens at %s
                  documentation   %s/docs   %s/docs.md, for a terminal
                  contract        %s/openapi.json   %s/openapi.yaml
                """.formatted(base, base, base, base, base)
                + (phone.managementPort() < 0 ? "" : "  management      %1$s/health   %1$s/metrics\n".formatted(phone.managementAddress()))
                + (phone.settings().webhooks().local() ? "  webhooks        may call this machine, for development (phone.webhooks.local)\n" : "");
        boolean demo = phone.settings().demo() && phone.settings().issuer() == null;
        return demo ? where + demo(base) : where;
    }

    private static String demo(String base) {
        JsonObject world = DemoWorld.world();
        JsonObject credentials = world.getJsonObject("credentials");
        String alice = headers(credentials.getJsonObject("alice"));
        String application = headers(credentials.getJsonObject("app"));
        String applicationId = world.getJsonArray("applications").stream().map(item -> item.asJsonObject())
                .filter(item -> item.getString("credentials").equals("app"))
                .findFirst().orElseThrow().getJsonObject("value").getString("id");
        String number = world.getJsonArray("claimedNumbers").stream().map(item -> item.asJsonObject())
                .filter(item -> item.getString("user").equals("alice"))
                .findFirst().orElseThrow().getJsonObject("value").getString("phoneNumber");
        String json = " -H 'content-type: application/json'";
        return """

                The demo world: alice signs in with
                  %s
                and her test application with
                  %s
                She owns the number %s. These lines, pasted, create a project, send an OTP to her number,
                and read it from her inbox and verify it:

                curl -s %s/v1/projects%s%s -d '{"name":"My project"}'

                curl -s %s/v1/otp/send%s%s -d '{"phoneNumber":"%s"}'

                %s

                """.formatted(plain(credentials.getJsonObject("alice")), plain(credentials.getJsonObject("app")), number,
                base, alice, json,
                base, application, json, number,
                verify(base, alice, application + json, applicationId, number));
    }

    /** Takes the latest request from the console and the latest code from the inbox. */
    private static String verify(String base, String alice, String application, String applicationId, String number) {
        return "id=$(curl -s '" + base + "/v1/applications/" + applicationId + "/otp-requests?limit=1'" + alice
                + " | sed 's/.*\"id\":\"\\([^\"]*\\)\".*/\\1/'); "
                + "code=$(curl -s '" + base + "/v1/numbers/" + number.replace(" ", "%20") + "/messages?limit=1'" + alice
                + " | sed 's/.*\"code\":\"\\([0-9]*\\)\".*/\\1/'); "
                + "curl -s " + base + "/v1/otp/verify" + application + " -d \"{\\\"otpRequestId\\\":\\\"$id\\\",\\\"code\\\":\\\"$code\\\"}\"";
    }

    private static String headers(JsonObject credentials) {
        return credentials.keySet().stream().map(name -> " -H '" + name + ": " + credentials.getString(name) + "'")
                .collect(Collectors.joining());
    }

    private static String plain(JsonObject credentials) {
        return credentials.keySet().stream().map(name -> name + ": " + credentials.getString(name)).collect(Collectors.joining("\n  "));
    }

}
