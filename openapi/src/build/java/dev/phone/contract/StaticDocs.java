// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A copy of the documentation page that opens from disk, where a page cannot fetch the contract: it is in a script instead. */
final class StaticDocs {
    private static final String NOTE = """


            This is a copy of the documentation, opened from disk. To read it, you need no server. To send requests from it, start the server with
            `mvn -Pserve`, or the mock with `mvn -Pmock`, and select its address.""";

    private StaticDocs() {
    }

    /** @param text the documentation as text @param page the folder with the page and its scripts, except {@code scalar.js} */
    static void write(JsonObject published, String text, Path page, Path directory) throws IOException {
        String html = Files.readString(page.resolve("index.html")).replace("src=\"/docs/", "src=\"")
                .replace("<script src=\"scalar.js\">", "<script src=\"contract.js\"></script>\n    <script src=\"scalar.js\">")
                .replaceFirst("The contract itself is at <a .*</a>", "The same text is in docs.md");
        Build.write(directory.resolve("index.html"), html);
        Build.write(directory.resolve("contract.js"), "window.contract = " + copy(published) + "\n");
        Build.write(directory.resolve("docs.md"), text);
        for (String script : new String[] {"samples.js", "start.js"}) {
            Build.write(directory.resolve(script), Files.readString(page.resolve(script)));
        }
        try (InputStream scalar = StaticDocs.class.getResourceAsStream("/META-INF/resources/webjars/scalar/scalar.js")) {
            Build.write(directory.resolve("scalar.js"), new String(scalar.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Without the server that is the host of the page. */
    private static JsonObject copy(JsonObject published) {
        JsonArrayBuilder servers = Json.createArrayBuilder();
        published.getJsonArray("servers").getValuesAs(JsonObject.class).stream().filter(server -> !server.getString("url").equals("/"))
                .forEach(servers::add);
        JsonObject info = published.getJsonObject("info");
        return Json.createObjectBuilder(published).add("servers", servers)
                .add("info", Json.createObjectBuilder(info).add("description", info.getString("description") + NOTE)).build();
    }
}
