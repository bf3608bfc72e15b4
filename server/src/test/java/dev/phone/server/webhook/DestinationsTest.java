// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ApiError;
import dev.phone.api.WebhookAttempt;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a URL may lead, whatever it looks like, and that what was judged is what is connected to. */
class DestinationsTest {
    private final Destinations real = new Destinations(false, null, InetAddress::getAllByName);

    private static WebhookAttempt send(Destinations destinations, String url) {
        try (Sender sender = new Sender(destinations, LocalReceiver.NONE, InstantSource.system(), 10)) {
            return sender.send(new WebhookStore.Target("whk_1", "user", url, List.of("whsec_1259d241e3c075e3384451e07b98158d84a9b4d085caba10"), false),
                    "evt_1", "{}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://017700000001/", "https://0x7f.0.0.1/", "https://0x7f000001/",
            "https://127.0.0.1./", "https://localhost/", "https://localhost./", "https://LOCALHOST/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://10.0.0.1:8443/", "https://169.254.169.254/latest/meta-data/",
            "https://3232235777/", "https://0/", "https://0.0.0.0/", "https://[fe80::1%25lo]/", "https://[fd00:ec2::254]/",
            "http://localhost:8080/", "http://127.0.0.1/", "http://hooks.phone.dev/", "ftp://hooks.phone.dev/", "https://user@127.0.0.1/", "https://1.1.1.1@127.0.0.1/",
            "https://127.0.0.1#@hooks.phone.dev/", "https://127.0.0.1%00.hooks.phone.dev/", "https://１２７.0.0.1/", "https://127。0。0。1/", "https://ⓛocalhost/",
            "https://xn--.test/", "https://hooks.example.com/", "https://a.invalid./", "https:///path", "https://:443/", "https://hooks.phone.dev:22/",
            "https://hooks.phone.dev:0/", "https://hooks.phone.dev:1023/", "https://hooks.phone.dev:99999/", "https://hooks.phone.dev:-1/", "https://a b/", "https://[::1"})
    void nothingIsSentInwards(String url) {
        WebhookAttempt attempt = send(real, url);
        assertEquals(0, attempt.status());
        assertEquals(0, attempt.millis(), "nothing was connected to");
        assertTrue(attempt.error().startsWith("there is no host ") || attempt.error().equals(WebhookAttempt.forbidden().error()), attempt.error());
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://hooks.phone.dev/", "https://hooks.phone.dev:443/x?y=z", "https://hooks.phone.dev:8443", "https://8.8.8.8/", "https://[2606:4700::1]:1024/"})
    void whatLooksLikeTheInternetIsLookedUp(String url) {
        assertNull(real.refusal(URI.create(url)));
    }

    @ParameterizedTest
    @CsvSource({"http://localhost:8080/, false", "http://127.0.0.1, false", "https://localhost/, true", "https://hooks.phone.dev/, true"})
    void onlyADevelopmentServerTakesHttp(String url, boolean taken) {
        new Destinations(true, null, InetAddress::getAllByName).check(url);
        if (taken) {
            assertDoesNotThrow(() -> real.check(url));
        } else {
            assertEquals(422, assertThrows(ApiError.class, () -> real.check(url)).status());
        }
    }

    @Test
    void oneAddressThatIsNotPublicIsTooMany() {
        Destinations mixed = new Destinations(false, null, host -> new InetAddress[] {address("8.8.8.8"), address("10.0.0.1")});
        assertThrows(Destinations.Forbidden.class, () -> mixed.resolve("hooks.phone.dev"));
    }

    @Test
    void aDevelopmentServerReachesItselfAndNothingElseInside() throws UnknownHostException {
        Destinations local = new Destinations(true, null, InetAddress::getAllByName);
        assertTrue(local.resolve("localhost")[0].isLoopbackAddress());
        assertThrows(Destinations.Forbidden.class, () -> local.resolve("192.168.0.1"));
        assertEquals(WebhookAttempt.forbidden(), local.refusal(URI.create("http://hooks.phone.dev/")));
    }

    /** A resolver that gives another answer to each question. */
    private static Destinations changing(Deque<String> answers) {
        return new Destinations(true, null, host -> new InetAddress[] {address(answers.pop())});
    }

    @Test
    void whatWasJudgedIsWhatIsConnectedTo() throws Exception {
        try (TestReceiver receiver = new TestReceiver(204)) {
            Deque<String> answers = new ArrayDeque<>(List.of("127.0.0.1", "10.0.0.1"));
            assertTrue(send(changing(answers), receiver.url()).succeeded());
            assertEquals(1, answers.size(), "one look-up for one connection");
            assertNotNull(receiver.next());
            // And the other way round.
            answers = new ArrayDeque<>(List.of("10.0.0.1", "127.0.0.1"));
            assertEquals(WebhookAttempt.forbidden(), send(changing(answers), receiver.url()));
            assertEquals(1, answers.size());
            assertEquals(0, receiver.waiting());
        }
    }

    @Test
    void everyConnectionIsLookedUpAnew() throws Exception {
        try (TestReceiver receiver = new TestReceiver(204)) {
            Destinations changing = changing(new ArrayDeque<>(List.of("127.0.0.1", "10.0.0.1")));
            assertTrue(send(changing, receiver.url()).succeeded());
            assertEquals(WebhookAttempt.forbidden(), send(changing, receiver.url()));
        }
    }

    @Test
    void aLookupThatFailsIsNoHost() {
        Destinations none = new Destinations(false, null, host -> {
            throw new UnknownHostException(host);
        });
        assertEquals("there is no host hooks.phone.dev", send(none, "https://hooks.phone.dev/").error());
    }

    @Test
    void aProxyIsAskedForEverything() throws Exception {
        try (TestReceiver proxy = new TestReceiver(403)) {
            Destinations behind = new Destinations(false, URI.create("http://localhost:" + proxy.port()), host -> {
                assertEquals("localhost", host, "names are the proxy's to look up");
                return InetAddress.getAllByName(host);
            });
            assertFalse(send(behind, "https://hooks.phone.dev/").succeeded());
            assertEquals("CONNECT", proxy.next().method());
        }
    }

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }
}
