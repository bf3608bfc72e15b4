// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.each;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contracttests.target.ApiProcess;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The started jar: what the README and the banner promise, how it stops, and what survives when it is killed. */
class JarTest {
    @TempDir
    Path directory;

    @Test
    void whatRunsInTheBuildAloneIsInNoJar() throws Exception {
        List<String> ofTheBuild = Stream.of(ApiProcess.ROOT.resolve("openapi/src/build/java/dev/phone/contract").toFile().list())
                .map(file -> "dev/phone/contract/" + file.replace(".java", ".class")).toList();
        List<Path> jars = new ArrayList<>(List.of(ApiProcess.ROOT.resolve("mock/target/phone-mock.jar")));
        try (Stream<Path> libs = Files.list(ApiProcess.ROOT.resolve("server/target/libs"))) {
            libs.forEach(jars::add);
        }
        assertTrue(jars.stream().anyMatch(jar -> jar.getFileName().toString().startsWith("phone-openapi")), jars::toString);
        for (Path jar : jars) {
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                assertEquals(List.of(), ofTheBuild.stream().filter(name -> zip.getEntry(name) != null).toList(), jar.toString());
            }
        }
    }

    /** `mvn -Pdist` makes a Java runtime of the modules that a POM lists. */
    @TestFactory
    Stream<DynamicTest> theRuntimeOfAnArchiveHasTheModulesThatItsJarsNeed() {
        return each(List.of("server", "mock"), JarTest::hasItsModules);
    }

    private static void hasItsModules(String program) throws IOException {
        Matcher listed = Pattern.compile("<dist.modules>(.*)</dist.modules>").matcher(Files.readString(ApiProcess.ROOT.resolve(program + "/pom.xml")));
        assertTrue(listed.find());
        Set<String> there = Configuration.empty().resolve(ModuleFinder.ofSystem(), ModuleFinder.of(), Set.of(listed.group(1).split(","))).modules()
                .stream().map(ResolvedModule::name).collect(Collectors.toSet());
        try (Stream<Path> jars = Files.walk(ApiProcess.ROOT.resolve(program + "/target"), 2)) {
            Set<String> needed = new TreeSet<>();
            jars.filter(jar -> jar.endsWith("phone-" + program + ".jar") || jar.getParent().endsWith("libs")).forEach(jar -> needed.addAll(modules(jar)));
            assertTrue(needed.contains("java.base"));
            needed.removeAll(there);
            // Parts of libraries that nobody here uses: beans, scripts, compilers.
            needed.removeAll(Set.of("java.desktop", "java.datatransfer", "java.scripting", "java.compiler", "java.instrument"));
            assertEquals(Set.of(), needed, "add them to dist.modules in " + program + "/pom.xml");
        }
    }

    private static Set<String> modules(Path jar) {
        StringWriter printed = new StringWriter();
        ToolProvider.findFirst("jdeps").orElseThrow().run(new PrintWriter(printed), new PrintWriter(printed), "--ignore-missing-deps", "-s",
                "--multi-release", "25", jar.toString());
        return Pattern.compile("-> (j(?:ava|dk)\\.\\S+)").matcher(printed.toString()).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }

    @Test
    void theBannerSaysWhereToGoAndItsLinesWorkWhenPasted() throws Exception {
        try (ApiProcess server = ApiProcess.start(directory, Map.of())) {
            String banner = server.log(line -> line.contains("curl "), 3);
            assertTrue(banner.contains("http://localhost:" + server.port + "/docs"), banner);
            assertTrue(banner.contains("/openapi.json"), banner);
            assertTrue(banner.contains("ph_test_client_"), banner);
            assertTrue(banner.lines().noneMatch(line -> line.startsWith("   ")), banner);
            List<String> commands = banner.lines().map(String::strip).filter(line -> line.contains("curl ")).toList();
            assertTrue(commands.size() >= 3, banner);
            for (String shell : Programs.shells()) {
                String printed = Programs.paste(directory, 60, shell, String.join("\n", commands) + "\n");
                assertTrue(printed.contains("\"status\":\"verified\""), shell + ": " + printed + "\nfrom\n" + banner);
            }
        }
    }

    @Test
    void itHelps() throws Exception {
        String printed = Programs.run(directory, 60, Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
                ApiProcess.ROOT.resolve("server/target/phone-server.jar").toAbsolutePath().toString(), "--help");
        assertTrue(printed.contains("PHONE_PORT") && printed.contains("PHONE_DB_URL"), printed);
    }

    @Test
    void itStopsWhenItIsToldTo() throws Exception {
        try (ApiProcess server = ApiProcess.start(directory, Map.of())) {
            int code = server.terminate();
            assertTrue(code == 0 || code == 143, "exit code " + code + "\n" + server.log());
            assertFalse(server.log().contains("Exception"), server.log());
        }
    }

    @Test
    void whatIsAcknowledgedSurvivesAKill() throws Exception {
        Map<String, String> environment = Map.of("PHONE_DB_URL", "jdbc:h2:file:" + directory.resolve("phone"), "PHONE_LIMITS", "off",
                "PHONE_SECRET", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        List<String> acknowledged = new ArrayList<>();
        try (ApiProcess server = ApiProcess.start(directory, environment)) {
            for (int i = 0; i < 40; i++) {
                acknowledged.addFirst(RestAssured.given().header("authorization", "Bearer dev_carol").contentType("application/json")
                        .body("{\"name\": \"P" + i + "\"}").post(server.url("/v1/projects")).then().statusCode(201).extract().path("data.id"));
            }
            server.kill();
        }
        try (ApiProcess server = ApiProcess.start(directory, environment)) {
            assertEquals(acknowledged, RestAssured.given().header("authorization", "Bearer dev_carol").get(server.url("/v1/projects?limit=100"))
                    .then().statusCode(200).extract().path("data.id"));
        }
    }

    @Test
    void aSettingThatMakesNoSenseIsRefusedInOneLine() throws Exception {
        for (Map<String, String> nonsense : List.of(Map.of("PHONE_SECRET", "short"), Map.of("PHONE_DB_URL", "jdbc:oracle:thin:@x"),
                Map.of("PHONE_LIMITS", "maybe"), Map.of("PHONE_AUTH_ISSUER", "https://issuer.example.com", "PHONE_AUTH_DEV_TOKENS", "true"))) {
            IllegalStateException refused = org.junit.jupiter.api.Assertions.assertThrows(IllegalStateException.class,
                    () -> ApiProcess.start(directory, nonsense).close(), nonsense.toString());
            assertFalse(refused.getMessage().contains("\tat "), refused.getMessage());
        }
    }
}
