// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.CreateProjectRequest;
import dev.phone.api.Operations;
import dev.phone.api.Project;
import dev.phone.api.Response;
import dev.phone.server.Features;
import dev.phone.server.idempotency.IdempotentRequests;
import dev.phone.server.store.Database;
import dev.phone.server.store.TestDatabase;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed in the middle of its work (SIGKILL). What it has acknowledged must be there, and what it was at must be done once,
 * after the same request has been sent again.
 */
class CrashTest {
    private static final Caller.User USER = new Caller.User("user");
    private static final int KILLS = 2;
    private static final int ACKNOWLEDGED = 100;

    @Test
    void onAnH2File(@TempDir Path directory) throws Exception {
        crash(Map.of("url", "jdbc:h2:file:" + directory.resolve("phone"), "username", "", "password", ""));
    }

    @Test
    void onPostgres() throws Exception {
        crash(TestDatabase.POSTGRES.settings());
    }

    private static void crash(Map<String, String> settings) throws Exception {
        Map<Integer, String> acknowledged = new HashMap<>();
        for (int kill = 0; kill < KILLS; kill++) {
            Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), Child.class.getName(),
                    settings.get("url"), settings.get("username"), settings.get("password"), Integer.toString(kill * 1_000_000))
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
                String line;
                int count = 0;
                while ((line = lines.readLine()) != null && line.startsWith("ack ") && line.endsWith(" .")) {
                    String[] words = line.split(" ");
                    acknowledged.put(Integer.valueOf(words[1]), words[2]);
                    if (++count == ACKNOWLEDGED) {
                        // By its handle: the process itself would close its output, too, with what we have not read yet.
                        child.toHandle().destroyForcibly();
                    }
                }
            }
            child.waitFor();
        }
        assertTrue(acknowledged.size() >= KILLS * ACKNOWLEDGED, acknowledged.size() + " were acknowledged");

        try (Features phone = new Features(Database.connect(Config.just(ConfigSources.create(settings))).ready())) {
            long projects = phone.count("SELECT COUNT(*) FROM project");
            assertTrue(projects >= acknowledged.size() && projects <= acknowledged.size() + KILLS,
                    projects + " projects after " + acknowledged.size() + " were acknowledged");
            for (Map.Entry<Integer, String> one : acknowledged.entrySet()) {
                assertEquals(one.getValue(), id(create(phone, one.getKey())), "the first answer again");
            }
            // Whoever was killed at it has left a reservation at most, and that ends.
            phone.clock.advance(Duration.ofSeconds(60));
            List<Integer> interrupted = new ArrayList<>();
            for (int kill = 0; kill < KILLS; kill++) {
                int i = kill * 1_000_000;
                while (acknowledged.containsKey(i)) {
                    i++;
                }
                interrupted.add(i);
            }
            for (int i : interrupted) {
                assertEquals(id(create(phone, i)), id(create(phone, i)));
            }
            assertEquals(acknowledged.size() + KILLS, phone.count("SELECT COUNT(*) FROM project"), "each once");
        }
    }

    private static Response create(Features phone, int i) {
        IdempotentRequests idempotency = new IdempotentRequests(phone.database, phone.secrets, () -> phone.ids.next("rsv"), phone.clock);
        return idempotency.run(Operations.CREATE_PROJECT, USER.id(), "key-" + i, "/v1/projects", null,
                () -> Response.of(Operations.CREATE_PROJECT, phone.projects.createProject(USER, new CreateProjectRequest("Project " + i)), Project::toJson));
    }

    private static String id(Response response) {
        return response.json().getJsonObject("data").getString("id");
    }

    /** The process that is killed. Says of each project that it exists, as soon as that has been promised to a client. */
    static final class Child {
        public static void main(String[] args) {
            Features phone = new Features(Database.connect(Config.just(ConfigSources.create(
                    Map.of("url", args[0], "username", args[1], "password", args[2])))).ready());
            for (int i = Integer.parseInt(args[3]); ; i++) {
                try {
                    System.out.println("ack " + i + " " + id(create(phone, i)) + " .");
                } catch (ApiError e) {
                    System.out.println(e);
                }
            }
        }
    }
}
