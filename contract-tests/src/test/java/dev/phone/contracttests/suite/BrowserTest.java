// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.api.Operation;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.Jar;
import dev.phone.contracttests.target.Target;
import dev.phone.contracttests.target.TargetType;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * The documentation page in a browser, on the server and on the mock. Skipped without Chromium and its driver; screenshots are in
 * {@code target/docs}.
 */
class BrowserTest {
    private static final String CHROMIUM = "chromium";
    private static final String DRIVER = "chromedriver";
    private static final List<TargetType> TARGETS = List.of(TargetType.SERVER_ON_H2, TargetType.MOCK);
    private static final List<Integer> WIDTHS = List.of(1400, 390);
    private static final int HEIGHT = 900;
    private static final List<String> THEMES = List.of("light", "dark");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path SCREENSHOTS = Jar.ROOT.resolve("contract-tests/target/docs");
    /** Selenium says that it does not know the newest Chromium's debugging protocol, which is not used here. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    @TempDir
    static Path profile;
    private static ChromeDriver browser;
    private static String axe;

    @BeforeAll
    static void start() throws IOException {
        if (!Stream.of(CHROMIUM, DRIVER).allMatch(Programs::isOnPath)) {
            Programs.skip("the documentation page in a browser", "there is no " + CHROMIUM + " or no " + DRIVER);
        }
        SELENIUM.setLevel(Level.SEVERE);
        try (InputStream script = BrowserTest.class.getResourceAsStream("/axe.min.js")) {
            axe = new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
        ChromeOptions options = new ChromeOptions();
        options.setBinary(Programs.onPath(CHROMIUM).toFile());
        options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--user-data-dir=" + profile);
        options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
        File driver = Programs.onPath(DRIVER).toFile();
        browser = new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(driver).build(), options);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.quit();
        }
    }

    private interface Check {
        void on(Target target) throws Exception;
    }

    private static Stream<DynamicTest> onEach(Check check) {
        return TARGETS.stream().filter(TargetType.chosen()::contains).map(type -> dynamicTest(type.toString(), () -> {
            Target target = type.take(false);
            try {
                target.reset();
                check.on(target);
            } finally {
                type.giveBack(target, false);
            }
        }));
    }

    /** Opens the page at an anchor, and waits until what is there has been drawn. */
    private static void open(Target target, String theme, String anchor, String heading) {
        // Another page first: the same page with another anchor would not be loaded anew.
        browser.get(target.url() + "/openapi.json");
        browser.executeScript("localStorage.setItem('colorMode', arguments[0])", theme);
        // It asks for an icon of that one.
        complaints();
        browser.get(target.url() + "/docs#" + anchor);
        await("the heading " + heading, "return [...document.querySelectorAll('h1, h2, h3')].some(h => h.innerText.startsWith(arguments[0]))", heading);
    }

    private static void await(String what, String script, Object... arguments) {
        for (long end = System.nanoTime() + PATIENCE.toNanos(); !Boolean.TRUE.equals(browser.executeScript(script, arguments));) {
            if (System.nanoTime() > end) {
                throw new AssertionError("after " + PATIENCE.toSeconds() + " s there is not " + what + ", but\n"
                        + browser.executeScript("return document.body.innerText.slice(0, 2000)"));
            }
            // The browser needs the processor, too.
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static String title() {
        return TheContract.CONTRACT.json().getJsonObject("info").getString("title").replace(" API", "");
    }

    /** What the browser complained of since the last time. */
    private static List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        browser.manage().logs().get("browser").forEach(entry -> {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                complaints.add(entry.getMessage());
            }
        });
        return complaints;
    }

    @TestFactory
    Stream<DynamicTest> canBeReadInEachWidthAndTheme() throws IOException {
        Files.createDirectories(SCREENSHOTS);
        return onEach(target -> {
            List<String> wrong = new ArrayList<>();
            for (int width : WIDTHS) {
                browser.manage().window().setSize(new Dimension(width, HEIGHT));
                for (String theme : THEMES) {
                    String where = target.name() + ", " + width + " pixels, " + theme + ": ";
                    open(target, theme, "tag/otp/POST/v1/otp/verify", title());
                    contrast().forEach(problem -> wrong.add(where + problem));
                    complaints().forEach(complaint -> wrong.add(where + complaint));
                    foreignHosts(target).forEach(host -> wrong.add(where + "asks " + host));
                    Files.write(SCREENSHOTS.resolve(target.name().replace(' ', '-') + "-" + width + "-" + theme + ".png"), browser.getScreenshotAs(OutputType.BYTES));
                }
            }
            assertEquals("", String.join("\n", wrong));
        });
    }

    /** Texts with too little contrast (WCAG 2.2, success criterion 1.4.3, level AA). */
    @SuppressWarnings("unchecked")
    private static List<String> contrast() {
        browser.executeScript(axe);
        return (List<String>) browser.executeAsyncScript("""
                const done = arguments[0]
                axe.run(document, { runOnly: ['color-contrast'] }).then(({ violations }) => done(violations.flatMap(({ nodes }) => nodes.map((node) =>
                  node.any[0].message + ' ' + node.html.slice(0, 100)))))""");
    }

    @SuppressWarnings("unchecked")
    private static List<String> foreignHosts(Target target) {
        return (List<String>) browser.executeScript("return performance.getEntriesByType('resource').map(r => r.name).filter(name => !name.startsWith(arguments[0]))",
                target.url().toString());
    }

    /** By the menu, as a reader goes there. */
    @TestFactory
    Stream<DynamicTest> leadsToEachGuideAndOperation() {
        return onEach(target -> {
            browser.manage().window().setSize(new Dimension(WIDTHS.getFirst(), HEIGHT));
            open(target, THEMES.getFirst(), "", title());
            TheContract.CONTRACT.json().getJsonArray("tags").forEach(each -> {
                String tag = ((JsonString) each.asJsonObject().getOrDefault("x-displayName", each.asJsonObject().get("name"))).getString();
                List<String> summaries = operations(each.asJsonObject().getString("name"));
                if (summaries.isEmpty()) {
                    go(tag);
                } else {
                    await("the menu's group " + tag, OPEN_GROUP, tag);
                    summaries.forEach(BrowserTest::go);
                }
            });
        });
    }

    /** Presses an entry of the menu until the heading of the same name is in sight: what is drawn meanwhile may move it away. */
    private static void go(String name) {
        await("the heading " + name + " in sight, from the menu", """
                const isCalled = (e) => e.innerText.replaceAll('\\n', ' ').trim().startsWith(arguments[0])
                const entry = [...document.querySelectorAll('aside button:not([aria-expanded])')].find(isCalled)
                if (!entry) return false
                if (!(window.pressed > Date.now() - 1000 && window.entry === arguments[0])) {
                  window.pressed = Date.now()
                  window.entry = arguments[0]
                  entry.click()
                }
                return [...document.querySelectorAll('h1, h2, h3')].some((h) => isCalled(h) && !h.closest('aside')
                  && h.getBoundingClientRect().top > -100 && h.getBoundingClientRect().top < innerHeight)""", name);
    }

    private static final String OPEN_GROUP = """
            const group = [...document.querySelectorAll('aside button[aria-expanded]')].find((b) => b.innerText.replaceAll('\\n', ' ').trim().startsWith(arguments[0] + ' '))
            if (group?.getAttribute('aria-expanded') === 'false') group.click()
            return group?.getAttribute('aria-expanded') === 'true'""";

    /** The summaries of a tag's operations, or of its events. */
    private static List<String> operations(String tag) {
        return Stream.of("paths", "webhooks").flatMap(part -> TheContract.CONTRACT.json().getJsonObject(part).values().stream())
                .flatMap(item -> TheContract.CONTRACT.resolve(item).values().stream()).filter(JsonObject.class::isInstance).map(JsonValue::asJsonObject)
                .filter(operation -> operation.getJsonArray("tags").getString(0).equals(tag)).map(operation -> operation.getString("summary")).toList();
    }

    /** As a reader does it who tries an operation of each group: with what the page has filled in. */
    @TestFactory
    Stream<DynamicTest> sendsRequests() {
        return onEach(target -> {
            browser.manage().window().setSize(new Dimension(WIDTHS.getFirst(), HEIGHT));
            open(target, THEMES.getFirst(), "", title());
            Map<String, Operation> ofEachGroup = new LinkedHashMap<>();
            GeneratedSuite.operations().filter(operation -> operation.status() != 0).sorted(Comparator.comparing(operation -> !operation.method().equals("GET")))
                    .forEach(operation -> ofEachGroup.putIfAbsent(Call.described(operation).getJsonArray("tags").getString(0), operation));
            ofEachGroup.forEach((group, operation) -> {
                await("the menu's group " + group, OPEN_GROUP, group);
                go(Call.described(operation).getString("summary"));
                String what = operation.method().toLowerCase(Locale.ROOT) + ' ' + operation.path();
                await("the button that tries " + what, """
                        const button = [...document.querySelectorAll('button')].find((b) => b.innerText.includes(`(${arguments[0]})`))
                        button?.click()
                        return !!button""", what);
                await("the button that sends " + what, """
                        const button = [...document.querySelectorAll('[role=dialog] button')].find((b) => b.innerText.includes(`Send ${arguments[0]} request to`))
                        button?.click()
                        return !!button""", operation.method().toLowerCase(Locale.ROOT));
                await("the response " + operation.status() + " to " + what, "return document.querySelector('[role=dialog]').innerText.includes(`Status:\\n${arguments[0]} `)",
                        operation.status());
                await("the page again", """
                        const button = [...document.querySelectorAll('[role=dialog] button')].find((b) => b.innerText.trim() === 'Close Client')
                        button?.click()
                        return !button""");
            });
            assertEquals(List.of(), complaints());
        });
    }

    /** Whatever can be pressed can be reached with the Tab key, or by arrow keys within a group. */
    @TestFactory
    Stream<DynamicTest> isReachedByKeyboard() {
        return onEach(target -> {
            browser.manage().window().setSize(new Dimension(WIDTHS.getFirst(), HEIGHT));
            open(target, THEMES.getFirst(), "tag/otp/POST/v1/otp/verify", title());
            assertEquals(List.of(), browser.executeScript("""
                    return [...document.querySelectorAll('a[href], button, input, select, textarea, [onclick]')]
                      .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && e.tabIndex < 0
                        && !e.closest('[role=tablist], [role=radiogroup], [role=menu], [role=listbox], [aria-hidden=true], [inert]'))
                      .map((e) => e.outerHTML.slice(0, 150))"""));
        });
    }
}
