// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stubs, and whoever may add some, read and write the files of the stubs' folder and no others. */
class StubFilesTest {
    @TempDir
    Path folder;

    private Path stubs;
    private List<String> ways;

    private PhoneMock start() throws IOException {
        stubs = Files.createDirectories(folder.resolve("stubs"));
        Files.createDirectories(stubs.resolve("mappings"));
        Path files = Files.createDirectories(stubs.resolve("__files"));
        Files.writeString(files.resolve("fine.txt"), "fine");
        Path beside = Files.createDirectories(stubs.resolve("__files-beside"));
        for (Path each : List.of(folder.resolve("secret.txt"), beside.resolve("secret.txt"))) {
            Files.writeString(each, "secret");
        }
        Files.createSymbolicLink(files.resolve("link.txt"), folder.resolve("secret.txt"));
        Files.createSymbolicLink(files.resolve("linked"), folder);
        ways = List.of("../../secret.txt", "x/../../../secret.txt", "../__files-beside/secret.txt", folder.resolve("secret.txt").toString(),
                "link.txt", "linked/secret.txt", "..%2f..%2fsecret.txt", "file:" + folder.resolve("secret.txt"));
        return PhoneMock.start(new MockOptions().stubs(stubs).limits(false));
    }

    @Test
    void noStubReadsElsewhere() throws IOException {
        try (PhoneMock mock = start()) {
            for (String way : Stream.concat(Stream.of("fine.txt"), ways.stream()).toList()) {
                // A stub whose file cannot be read is refused, or answers with an error.
                Http.send("POST", mock.url() + "/__admin/mappings", Map.of(), """
                        {"request": {"url": "/file"}, "response": {"status": 200, "bodyFileName": "%s"}}""".formatted(way));
                Http.Reply reply = Http.send("GET", mock.url() + "/file", Map.of(), (String) null);
                assertEquals(way.equals("fine.txt"), reply.status() == 200 && reply.raw().body().equals("fine"), way);
                assertFalse(reply.raw().body().contains("secret\n") || reply.raw().body().equals("secret"), way + ": " + reply.raw().body());
                Http.send("DELETE", mock.url() + "/__admin/mappings", Map.of(), (String) null);
            }
        }
    }

    @Test
    void nobodyReadsOrWritesElsewhereByHttp() throws IOException {
        try (PhoneMock mock = start()) {
            for (String way : ways) {
                String escaped = way.replace("%", "%25").replace("/", "%2F");
                for (String path : List.of("/__admin/files/" + escaped, "/__admin/files/" + way.replace("%", "%25"), "/__files/" + escaped,
                        "/__files/" + way.replace("%", "%25"))) {
                    Http.Reply read = Http.send("GET", mock.url() + path, Map.of(), (String) null);
                    assertFalse(read.raw().body().equals("secret"), path);
                    Http.send("PUT", mock.url() + path, Map.of(), "changed");
                    Http.send("DELETE", mock.url() + path, Map.of(), (String) null);
                }
            }
            assertEquals("secret", Files.readString(folder.resolve("secret.txt")));
            assertEquals("secret", Files.readString(stubs.resolve("__files-beside/secret.txt")));
        }
    }

    /** Stubs can use the files; nobody else gets them, not even the list of their names. */
    @Test
    void filesAreNotServed() throws IOException {
        try (PhoneMock mock = start()) {
            for (String path : List.of("/__files", "/__files/", "/__files/fine.txt", "/__files/linked/", "/x/../__files/fine.txt", "/%5f_files/fine.txt")) {
                for (String method : List.of("GET", "HEAD", "POST", "TRACE")) {
                    Http.Reply reply = Http.send(method, mock.url() + path, Map.of(), (String) null);
                    assertEquals(404, reply.status(), method + " " + path);
                }
            }
        }
    }

    @Test
    void noStubIsSavedElsewhere() throws IOException {
        try (PhoneMock mock = start()) {
            for (String name : List.of("../../../evil", folder + "/evil", "..\\..\\evil")) {
                Http.send("POST", mock.url() + "/__admin/mappings", Map.of(), """
                        {"name": "%s", "persistent": true, "request": {"url": "/x"}, "response": {"status": 200}}""".formatted(name.replace("\\", "\\\\")));
            }
            Http.send("POST", mock.url() + "/__admin/mappings/save", Map.of(), (String) null);
            try (Stream<Path> all = Files.walk(folder)) {
                List<Path> evil = all.filter(Files::isRegularFile).filter(file -> file.toString().contains("evil"))
                        .filter(file -> !file.startsWith(stubs.resolve("mappings"))).toList();
                assertTrue(evil.isEmpty(), evil::toString);
            }
        }
    }

    @Test
    void thereAreNoFilesBeforeTheFirst() throws IOException {
        Path missing = folder.resolve("missing");
        for (MockOptions options : List.of(new MockOptions(), new MockOptions().stubs(missing))) {
            try (PhoneMock mock = PhoneMock.start(options)) {
                Http.Reply reply = Http.send("GET", mock.url() + "/__admin/files", Map.of(), (String) null);
                assertEquals(200, reply.status(), reply.raw().body());
                assertEquals("[]", reply.raw().body().replaceAll("\\s", ""));
            }
        }
    }

    @Test
    void anErrorNamesNoClass() throws IOException {
        try (PhoneMock mock = start()) {
            // A folder cannot be replaced by a file, and outside of the stubs' folder nothing can be.
            Files.createDirectories(stubs.resolve("__files/folder"));
            for (String file : List.of("folder", "..%2F..%2Fsecret.txt")) {
                Http.Reply reply = Http.send("PUT", mock.url() + "/__admin/files/" + file, Map.of("content-type", "text/plain"), "x");
                assertTrue(reply.status() >= 400, file + ": " + reply.raw().body());
                assertFalse(reply.raw().body().matches("(?s).*(Exception|java\\.|wiremock).*"), reply.raw().body());
            }
        }
    }
}
