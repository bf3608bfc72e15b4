// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ErrorCode;
import dev.phone.api.Operation;
import dev.phone.api.VerificationFailure;
import dev.phone.contract.Example;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.ApiProcess;
import dev.phone.contracttests.target.Target;
import dev.phone.contracttests.target.TargetType;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/**
 * The documentation page in a browser, on the server, on the mock and from disk. Skipped without Chromium and its driver; screenshots are in
 * {@code target/docs}. The tests of a target use a page that is open, because loading it takes longer than most of them.
 */
class BrowserTest {
    private static final String CHROMIUM = "chromium";
    private static final String DRIVER = "chromedriver";
    private static final List<TargetType> TARGETS = List.of(TargetType.SERVER_ON_H2, TargetType.MOCK);
    private static final List<Integer> WIDTHS = List.of(1400, 390);
    private static final int HEIGHT = 900;
    private static final List<String> THEMES = List.of("light", "dark");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String BY_KEYBOARD = "is reached by keyboard";
    private static final Path COPY = ApiProcess.ROOT.resolve("openapi/target/docs/index.html").toAbsolutePath().normalize();
    private static final Path SCREENSHOTS = ApiProcess.ROOT.resolve("contract-tests/target/docs");
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
        options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--force-prefers-reduced-motion", "--disable-background-networking",
                "--user-data-dir=" + profile);
        options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
        File driver = Programs.onPath(DRIVER).toFile();
        browser = new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(driver).build(), options);
        browser.manage().timeouts().scriptTimeout(PATIENCE.multipliedBy(2));
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

    @TestFactory
    Stream<DynamicTest> thePage() {
        Map<String, Check> checks = new LinkedHashMap<>();
        checks.put("can be read in each width and theme", BrowserTest::canBeReadInEachWidthAndTheme);
        checks.put(BY_KEYBOARD, target -> isReachedByKeyboard());
        checks.put("finds the guides by their text", target -> findsGuides());
        checks.put("sends requests", BrowserTest::sendsRequests);
        checks.put("is as useful on a narrow screen", BrowserTest::isUsefulOnANarrowScreen);
        checks.put("has each guide and operation in its menu", target -> hasEachGuideAndOperation());
        // The walk is long, and both serve the same page, byte for byte (DocsTest).
        return TARGETS.stream().filter(TargetType.chosen()::contains).flatMap(type -> checks.entrySet().stream()
                .filter(check -> type == TargetType.MOCK || !check.getKey().equals(BY_KEYBOARD))
                .map(check -> dynamicTest(type + ", " + check.getKey(), () -> onOpenPage(type, check.getValue()))));
    }

    private static void onOpenPage(TargetType type, Check check) throws Exception {
        Target target = type.take(false);
        try {
            target.reset();
            if (!browser.getCurrentUrl().startsWith(target.url() + "/docs#")) {
                open(target, WIDTHS.getFirst(), THEMES.getFirst());
            }
            check.on(target);
        } catch (Exception | AssertionError e) {
            // The next test opens it anew.
            browser.get("about:blank");
            throw e;
        } finally {
            type.giveBack(target, false);
        }
    }

    /** Opens the page at an operation, and waits until what is there has been drawn. */
    private static void open(Target target, int width, String theme) {
        browser.manage().window().setSize(new Dimension(width, HEIGHT));
        // Another page of this host first, to choose the theme.
        browser.get(target.url() + "/docs/start.js");
        browser.executeScript("localStorage.setItem('colorMode', arguments[0])", theme);
        browser.get(target.url() + "/docs#tag/otp/POST/v1/otp/verify");
        await("the heading " + title(), HEADING, title());
        await("the operation", "return [...document.querySelectorAll('h3')].some((h) => h.textContent.startsWith('Verify a code'))");
    }

    /** Looks for it in the page, which saves a thousand trips to the browser. @param script the body of a function that says whether it is there */
    private static void await(String what, String script, Object... arguments) {
        Object there = browser.executeAsyncScript("""
                const done = arguments[arguments.length - 1]
                const end = Date.now() + %d
                const isThere = () => {
                  %s
                }
                const look = () => isThere() ? done(true) : Date.now() > end ? done(false) : setTimeout(look, 20)
                look()""".formatted(PATIENCE.toMillis(), script), arguments);
        if (!Boolean.TRUE.equals(there)) {
            throw new AssertionError("after " + PATIENCE.toSeconds() + " s there is not " + what + ", but\n"
                    + browser.executeScript("return document.body.innerText.slice(0, 2000)"));
        }
    }

    private static String title() {
        return TheContract.CONTRACT.json().getJsonObject("info").getString("title").replace(" API", "");
    }

    /** What the browser complained of since the last time. */
    private static List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        browser.manage().logs().get("browser").forEach(entry -> {
            // It asks for the icon of the file by which the theme is chosen.
            if (entry.getLevel().intValue() >= Level.WARNING.intValue() && !entry.getMessage().contains("/favicon.ico ")) {
                complaints.add(entry.getMessage());
            }
        });
        return complaints;
    }

    private static void canBeReadInEachWidthAndTheme(Target target) throws IOException {
        Files.createDirectories(SCREENSHOTS);
        List<String> wrong = new ArrayList<>();
        for (int width : WIDTHS) {
            // It is open in the first width and theme.
            List<String> themes = width == WIDTHS.getFirst() ? THEMES : THEMES.reversed();
            if (width != WIDTHS.getFirst()) {
                open(target, width, themes.getFirst());
            }
            for (String theme : themes) {
                theme(theme);
                String where = width + " pixels, " + theme + ": ";
                contrast().forEach(problem -> wrong.add(where + problem));
                complaints().forEach(complaint -> wrong.add(where + complaint));
                tooWide().forEach(problem -> wrong.add(where + "runs out of its column: " + problem));
                foreignHosts(target).forEach(host -> wrong.add(where + "asks " + host));
                String file = target.name().replace(' ', '-') + "-" + width + "-" + theme + ".png";
                Files.write(SCREENSHOTS.resolve(file), browser.getScreenshotAs(OutputType.BYTES));
            }
        }
        browser.manage().window().setSize(new Dimension(WIDTHS.getFirst(), HEIGHT));
        assertEquals("", String.join("\n", wrong));
    }

    private static void theme(String name) {
        browser.executeScript("""
                document.body.classList.toggle('dark-mode', arguments[0] === 'dark')
                document.body.classList.toggle('light-mode', arguments[0] === 'light')""", name);
    }

    /** Texts with too little contrast (WCAG 2.2, success criterion 1.4.3, level AA). Of texts that look the same, the first is measured. */
    @SuppressWarnings("unchecked")
    private static List<String> contrast() {
        browser.executeScript(axe);
        return (List<String>) browser.executeAsyncScript(TEXTS + """
                const done = arguments[0]
                const different = new Map()
                for (const e of textsOf('#docs')) {
                  const { color, fontSize, fontWeight } = getComputedStyle(e)
                  const behind = new Set()
                  for (let at = e; at && ![...behind].some((each) => each.startsWith('rgb(')); at = at.parentElement) {
                    behind.add(getComputedStyle(at).backgroundColor).add(getComputedStyle(at).opacity)
                  }
                  const look = [color, fontSize, fontWeight, ...behind].join()
                  if (!different.has(look)) different.set(look, box(e))
                }
                axe.run({ include: [...different.values()] }, { runOnly: ['color-contrast'], resultTypes: ['violations'] }).then(({ violations }) =>
                  done(violations.flatMap(({ nodes }) => nodes.map((node) => node.any[0].message + ' ' + node.html.slice(0, 100)))))""");
    }

    /** Texts of which a part cannot be seen, but those that are scrolled. */
    @SuppressWarnings("unchecked")
    private static List<String> tooWide() {
        return (List<String>) browser.executeScript(TEXTS + """
                const text = new Range()
                const end = (e) => Math.max(...[...e.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => {
                  text.selectNodeContents(n)
                  return text.getBoundingClientRect().right
                }))
                const column = (e) => e.closest('li, td, .scalar-card, .section') ?? document.body
                return textsOf('#docs main').filter((e) => !e.closest('.custom-scroll, pre, table, .sr-only, .screenreader-only, [aria-hidden=true]'))
                  .filter((e) => end(e) > Math.min(innerWidth, column(e).getBoundingClientRect().right + 1))
                  .map((e) => e.className + ' ' + e.textContent.slice(0, 80))""");
    }

    /** Texts that end in dots before their end, and words of tables that go on in the next line. */
    @SuppressWarnings("unchecked")
    private static List<String> cutOff() {
        return (List<String>) browser.executeScript(TEXTS + """
                const clips = (e) => {
                  const { overflowX, overflowY, textOverflow, webkitLineClamp } = getComputedStyle(e)
                  return overflowY === 'hidden' && webkitLineClamp !== 'none' && e.scrollHeight > e.clientHeight + 1
                    || overflowX === 'hidden' && textOverflow === 'ellipsis' && e.scrollWidth > e.clientWidth + 1
                }
                const within = (e) => e.matches('#docs main *') ? [e, ...within(e.parentElement)] : []
                const word = new Range()
                const isSplit = (text, { index, 0: { length } }) => {
                  word.setStart(text, index)
                  word.setEnd(text, index + length)
                  return new Set([...word.getClientRects()].filter(({ width }) => width).map(({ top }) => Math.round(top))).size > 1
                }
                const texts = textsOf('#docs main')
                return texts.filter((e) => within(e).some(clips))
                  .concat(texts.filter((e) => e.closest('td, th') && [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE
                    && [...n.data.matchAll(/[\\p{L}\\p{N}_]+/gu)].some((each) => isSplit(n, each)))))
                  .map((e) => e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 80))""");
    }

    @SuppressWarnings("unchecked")
    private static List<String> foreignHosts(Target target) {
        return (List<String>) browser.executeScript(
                "return performance.getEntriesByType('resource').map((r) => r.name).filter((name) => !name.startsWith(arguments[0]))",
                target.url().toString());
    }

    /** On every target, because each serves its own contract. Where an entry leads is checked with the copy on disk. */
    private static void hasEachGuideAndOperation() {
        for (JsonObject each : tags()) {
            if (!isGuide(each)) {
                await("the menu's group " + shown(each), OPEN_GROUP, shown(each));
            }
            List<String> entries = isGuide(each) ? List.of(shown(each)) : operations(each);
            entries.forEach(entry -> await(entry + " in the menu", """
                    return [...document.querySelectorAll('aside button:not([aria-expanded])')].some((e) => e.textContent.trim().startsWith(arguments[0]))""", entry));
        }
    }

    /** By the menu, as a reader goes there. */
    private static void leadsToEachGuideAndOperation() {
        for (JsonObject each : tags()) {
            if (isGuide(each)) {
                go(shown(each));
            } else {
                await("the menu's group " + shown(each), OPEN_GROUP, shown(each));
                operations(each).forEach(BrowserTest::go);
            }
        }
    }

    /** From guide to guide, and to an operation; that the others lead somewhere is checked in print. */
    private static void followsLinks() {
        Map.of("guide-errors", "Errors", "otp/POST/v1/otp/send", "Send").forEach((target, heading) -> {
            go("Getting started");
            await("a link to " + target, """
                    const link = document.querySelector(`#docs a[href="#tag/${arguments[0]}"]`)
                    link?.click()
                    return !!link""", target);
            await("the heading " + heading + " in sight, from a link", IN_SIGHT + "return isInSight(arguments[0])", heading);
        });
    }

    private static List<JsonObject> tags() {
        return TheContract.CONTRACT.json().getJsonArray("tags").getValuesAs(JsonObject.class);
    }

    private static boolean isGuide(JsonObject tag) {
        return operations(tag).isEmpty();
    }

    private static String shown(JsonObject tag) {
        return tag.getString("x-displayName", tag.getString("name"));
    }

    /** Presses an entry of the menu until the heading of the same name is in sight: what is drawn meanwhile may move it away. */
    private static void go(String name) {
        await("the heading " + name + " in sight, from the menu", IN_SIGHT + """
                const isCalled = (e) => e.textContent.trim().startsWith(arguments[0])
                const entry = [...document.querySelectorAll('aside button:not([aria-expanded])')].find((e) => isCalled(e) && e.checkVisibility())
                if (!entry) return false
                if (!(window.pressed > Date.now() - 1000 && window.entry === arguments[0])) {
                  window.pressed = Date.now()
                  window.entry = arguments[0]
                  entry.click()
                }
                return isInSight(arguments[0])""", name);
    }

    /** The elements with a text of their own that is shown. */
    private static final String TEXTS = """
            const box = (e) => getComputedStyle(e).display === 'contents' ? box(e.parentElement) : e
            const textsOf = (part) => [...document.querySelectorAll(part + ' *')].filter((e) =>
              [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim()) && box(e).checkVisibility({ visibilityProperty: true }))
            """;

    private static final String IN_SIGHT = """
            const isInSight = (name) => [...document.querySelectorAll('h1, h2, h3')].some((h) => h.textContent.trim().startsWith(name)
              && !h.closest('aside') && h.getBoundingClientRect().top > -100 && h.getBoundingClientRect().top < innerHeight)
            """;

    private static final String HEADING = "return [...document.querySelectorAll('h1')].some((h) => h.textContent.trim().startsWith(arguments[0]))";

    private static final String OPEN_GROUP = """
            const group = [...document.querySelectorAll('aside button[aria-expanded]')]
              .find((b) => b.checkVisibility() && b.innerText.replaceAll('\\n', ' ').trim().startsWith(arguments[0] + ' '))
            if (group?.getAttribute('aria-expanded') === 'false') group.click()
            return group?.getAttribute('aria-expanded') === 'true'""";

    /** The summaries of a tag's operations, or of its events. */
    private static List<String> operations(JsonObject tag) {
        return Stream.of("paths", "webhooks").flatMap(part -> TheContract.CONTRACT.json().getJsonObject(part).values().stream())
                .flatMap(item -> TheContract.CONTRACT.resolve(item).values().stream())
                .filter(JsonObject.class::isInstance).map(JsonValue::asJsonObject)
                .filter(operation -> operation.getJsonArray("tags").getString(0).equals(tag.getString("name")))
                .map(operation -> operation.getString("summary")).toList();
    }

    /** What a reader may look for, who knows a header, a token or an error from elsewhere; and the page of each error. */
    private static void findsGuides() {
        List<String> inGuides = new ArrayList<>(List.of("Retry-After: Rate limits", "webhook-signature: Webhooks", "dev_alice: Authentication",
                "CSRF: Webhooks", "CORS: Browsers and CORS", "x-request-id: Getting started", "versioning: Getting started", "nextCursor: Pagination",
                "attemptsRemaining: Errors", "410 gone: Webhooks"));
        for (VerificationFailure reason : VerificationFailure.values()) {
            inGuides.add(reason.text() + ": Errors");
        }
        await("the search", """
                [...document.querySelectorAll('aside button')].find((b) => b.textContent.includes('Search'))?.click()
                return !!document.querySelector('[role=search] input')""");
        for (ErrorCode code : ErrorCode.values()) {
            await("the page of " + code, SEARCH + """
                    return [...document.querySelectorAll('[role=option] .sr-only:first-child')]
                      .some((type) => type.parentElement.textContent.replace(type.textContent, '').includes(arguments[1]))""",
                    code.text(), code.status() + " " + code.text());
        }
        inGuides.forEach(each -> await("the guide for " + each, SEARCH + "return !!guide", (Object[]) each.split(": ")));
        String[] last = inGuides.getLast().split(": ");
        await("the guide " + last[1] + " in sight, from the search", IN_SIGHT + SEARCH + """
                guide?.click()
                return !input && isInSight(arguments[1])""", (Object[]) last);
    }

    private static final String SEARCH = """
            const input = document.querySelector('[role=search] input')
            if (input && input.value !== arguments[0]) {
              input.value = arguments[0]
              input.dispatchEvent(new Event('input', { bubbles: true }))
            }
            const guide = [...document.querySelectorAll('[aria-label=Guides] a')].find((a) => a.textContent === arguments[1])
            """;

    /** As a reader does it who tries an operation of each group: with what the page has filled in. */
    private static void sendsRequests(Target target) {
        Map<String, Operation> ofEachGroup = new LinkedHashMap<>();
        GeneratedSuite.operations().filter(operation -> operation.status() != 0)
                .sorted(Comparator.comparing(operation -> !operation.method().equals("GET")))
                .forEach(operation -> ofEachGroup.putIfAbsent(Call.described(operation).getJsonArray("tags").getString(0), operation));
        ofEachGroup.forEach((group, operation) -> {
            await("the menu's group " + group, OPEN_GROUP, group);
            sendsRequest(target, operation);
        });
        assertEquals(List.of(), complaints());
    }

    private static void isUsefulOnANarrowScreen(Target target) {
        open(target, WIDTHS.getLast(), THEMES.getFirst());
        try {
            await("the menu", """
                    const open = [...document.querySelectorAll('button')].find((b) => b.checkVisibility() && b.textContent.trim() === 'Open Menu')
                    open?.click()
                    return [...document.querySelectorAll('aside')].some((e) => e.checkVisibility())""");
            JsonObject group = tags().stream().filter(tag -> !isGuide(tag)).findFirst().orElseThrow();
            await("the menu's group " + shown(group), OPEN_GROUP, shown(group));
            sendsRequest(target, TheContract.CONTRACT.operations().stream().filter(operation -> Call.described(operation).getJsonArray("tags").getString(0)
                    .equals(group.getString("name"))).findFirst().orElseThrow());
            assertEquals(List.of(), complaints());
        } finally {
            browser.manage().window().setSize(new Dimension(WIDTHS.getFirst(), HEIGHT));
        }
    }

    private static void sendsRequest(Target target, Operation operation) {
        browser.executeScript("""
                const fetch = window.sending ??= window.fetch
                window.fetch = async (...request) => {
                  const response = await fetch(...request)
                  window.answer = await response.clone().text()
                  return response
                }""");
        go(Call.described(operation).getString("summary"));
        String what = operation.method().toLowerCase(Locale.ROOT) + ' ' + operation.path();
        await("the button that tries " + what, """
                const button = [...document.querySelectorAll('button')].find((b) => b.textContent.includes(`(${arguments[0]})`))
                button?.click()
                return !!button""", what);
        target.reset();
        await("the button that sends " + what, """
                const button = [...document.querySelectorAll('[role=dialog] button')]
                  .find((b) => b.textContent.includes(`Send ${arguments[0]} request to`) && b.checkVisibility({ visibilityProperty: true }))
                button?.click()
                return !!button""", operation.method().toLowerCase(Locale.ROOT));
        await("the response " + operation.status() + " to " + what,
                "return document.querySelector('[role=dialog]').innerText.includes(`Status:\\n${arguments[0]} `)", operation.status());
        JsonValue answer = comparable(Json.createReader(new StringReader(browser.executeScript("return window.answer").toString())).readValue());
        assertTrue(TheContract.EXAMPLES.stream().filter(example -> example.operation().id().equals(operation.id()) && example.status() == operation.status())
                .anyMatch(example -> comparable(example.response()).equals(answer)), () -> what + " answers " + answer);
        await("what was answered to " + what,
                "return document.querySelector('[role=dialog]').innerText.includes(window.answer.match(/\"(?!data\")\\w+\"/)[0])");
        await("the page again", """
                const button = [...document.querySelectorAll('[role=dialog] button')]
                  .find((b) => b.textContent.includes('Close Client') && b.checkVisibility({ visibilityProperty: true }))
                button?.click()
                return !button""");
    }

    private static JsonValue comparable(JsonValue response) {
        return Example.comparable(TheContract.CONTRACT, response, null);
    }

    /**
     * A walk around the page with the Tab key comes to everything that can be pressed, or to its group, within which arrow keys lead on; and each
     * element shows that it has the focus (WCAG 2.2, success criteria 2.1.1, 2.1.2 and 2.4.7).
     */
    private static void isReachedByKeyboard() {
        browser.executeScript("""
                const group = (e) => e.closest('[role=tablist], [role=radiogroup], [role=menu], [role=listbox]') ?? e
                const shown = (e) => { const { outline, boxShadow } = getComputedStyle(e); return outline + boxShadow }
                const focused = new Map()
                const reached = new Set()
                const unmarked = new Set()
                window.walk = {
                  rounds: 0,
                  missed: () => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [onclick], [tabindex="0"], [data-placeholder=true]')]
                    .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.disabled
                      && !e.closest('[aria-hidden=true], [inert]') && !reached.has(group(e)))
                    .concat([...unmarked].filter((e) => e.isConnected)).map((e) => e.outerHTML.slice(0, 150)),
                  onFocus ({ target }) {
                    if (target.matches('aside [role=search]')) walk.rounds++
                    reached.add(group(target))
                    focused.set(target, shown(target))
                  },
                  onBlur: ({ target }) => setTimeout(() => { if (document.activeElement !== target && focused.get(target) === shown(target)) unmarked.add(target) }),
                }
                addEventListener('focusin', walk.onFocus)
                addEventListener('focusout', walk.onBlur)""");
        // A section is drawn before a reader presses the next key.
        Duration pause = Duration.ofMillis(20);
        long rounds = 0;
        for (int i = 0; i < 100 && rounds < 2; i++) {
            Actions keys = new Actions(browser);
            for (int key = 0; key < 20; key++) {
                keys.sendKeys(Keys.TAB).pause(pause);
            }
            keys.perform();
            rounds = (long) browser.executeScript("return walk.rounds");
        }
        assertEquals(2, rounds, "the focus does not come around the page, but stays at " + browser.executeScript("return document.activeElement.outerHTML.slice(0, 150)"));
        assertEquals(List.of(), browser.executeScript("""
                removeEventListener('focusin', walk.onFocus)
                removeEventListener('focusout', walk.onBlur)
                return walk.missed()"""));
    }

    /** The copy that the build makes, for reading without a server. */
    @Test
    void aCopyOpensFromDisk() {
        browser.executeCdpCommand("Network.enable", Map.of());
        browser.executeCdpCommand("Network.emulateNetworkConditions",
                Map.of("offline", true, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
        try {
            openCopy();
            String text = browser.executeScript("return document.body.innerText").toString();
            assertTrue(text.contains("opened from disk"));
            assertTrue(text.contains("Bearer Token"), "the credentials that are filled in");
            leadsToEachGuideAndOperation();
            followsLinks();
            assertEquals(List.of(), complaints(), "a request to a host would be one");
        } finally {
            browser.executeCdpCommand("Network.disable", Map.of());
        }
    }

    private static void openCopy() {
        browser.manage().window().setSize(new Dimension(WIDTHS.getFirst(), HEIGHT));
        complaints();
        browser.get(COPY.toUri().toString());
        await("the heading " + title(), HEADING, title());
    }

    /** The whole copy is printed, in one column and without the menu, and each link leads to an element of it. */
    @Test
    void canBePrinted() {
        openCopy();
        byte[] printed = Base64.getDecoder().decode(browser.executeCdpCommand("Page.printToPDF", Map.of()).get("data").toString());
        long pages = Pattern.compile("/Type ?/Page\\b").matcher(new String(printed, StandardCharsets.ISO_8859_1)).results().count();
        List<String> headings = tags().stream().flatMap(tag -> Stream.concat(Stream.of(shown(tag)), operations(tag).stream())).toList();
        assertEquals(List.of(), browser.executeScript("""
                const drawn = [...document.querySelectorAll('#docs h1, #docs h2, #docs h3')].map((h) => h.textContent)
                return arguments[0].filter((heading) => !drawn.some((each) => each.trim().startsWith(heading)))""", headings));
        assertTrue(pages > headings.size(), pages + " pages");
        assertEquals(List.of(), browser.executeScript("""
                const links = [...new Set([...document.querySelectorAll('#docs a[href^="#"]')].map((a) => a.getAttribute('href')))]
                return links.length < 20 ? links : links.filter((href) => !document.getElementById('api-1/' + decodeURIComponent(href.slice(1))))"""));
        await("all details of the first operation", """
                const closed = [...document.querySelector('section[id*="/v1/"]').querySelectorAll('[aria-expanded=false]')]
                closed.forEach((button) => button.click())
                return !closed.length""");
        for (String theme : THEMES) {
            theme(theme);
            assertEquals(List.of(), contrast(), theme);
        }
        assertEquals(List.of(), browser.executeScript("""
                return [...document.querySelectorAll('.response-card [role=tab][aria-selected=true]')].map((tab) =>
                  tab.closest('section').querySelector('h3').textContent.trim() + ': ' + tab.textContent.trim())
                  .filter((each) => !/: Status: (2\\d\\d|2XX)$|\\(not built\\).*: Status: 501$/.test(each))"""), "the response that is shown first");
        try {
            for (int width : WIDTHS) {
                browser.manage().window().setSize(new Dimension(width, HEIGHT));
                assertEquals(List.of(), tooWide(), width + " pixels");
                assertEquals(List.of(), cutOff(), width + " pixels");
            }
        } finally {
            browser.manage().window().setSize(new Dimension(WIDTHS.getFirst(), HEIGHT));
        }
        browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));
        try {
            assertEquals(List.of(), browser.executeScript("""
                    return [...document.querySelectorAll('#docs aside, #docs pre')].filter((e) => e.checkVisibility())
                      .filter((e) => e.matches('aside') || e.scrollWidth > e.clientWidth + 1).map((e) => e.outerHTML.slice(0, 150))"""));
        } finally {
            browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
        }
    }
}
