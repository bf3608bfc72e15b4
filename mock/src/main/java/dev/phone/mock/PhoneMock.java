// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.common.SingleRootFileSource;
import com.github.tomakehurst.wiremock.core.Options;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.phone.api.ApiError;
import dev.phone.contract.Contract;
import dev.phone.mock.handler.HttpRequest;
import dev.phone.mock.handler.Responder;
import dev.phone.mock.handler.Response;
import dev.phone.mock.http.AdminGuard;
import dev.phone.mock.http.MockServer;
import dev.phone.mock.state.MockClock;
import dev.phone.mock.state.Session;
import dev.phone.mock.wiremock.AdminApi;
import dev.phone.mock.wiremock.ContractStub;
import dev.phone.mock.wiremock.LazyWireMock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;
import org.slf4j.LoggerFactory;

/**
 * A running mock of Phone.
 *
 * <pre>{@code
 * try (PhoneMock mock = PhoneMock.start()) {
 *     HttpRequest.newBuilder(URI.create(mock.url() + "/v1/projects")).header("Authorization", "Bearer dev_alice")…
 *     mock.clock().advance(Duration.ofMinutes(6));
 * }
 * }</pre>
 */
public final class PhoneMock implements AutoCloseable {
    private final MockOptions options;
    private final MockClock clock = new MockClock(Clock.systemUTC());
    private final MockServer server;
    private final ContractStub stub;
    private final LazyWireMock wireMock;
    // Where WireMock puts the stubs that someone saves when there is no folder of the user's.
    private final Path scratch = Path.of(System.getProperty("java.io.tmpdir"), "phone-mock-" + UUID.randomUUID());
    private final List<FileWatch> watches = new ArrayList<>(2);
    private volatile Engine engine;
    private volatile String url;

    private PhoneMock(MockOptions options) {
        this.options = options;
        quietJetty();
        // The contract is read while the server gets ready: both take their time.
        FutureTask<Engine> reading = new FutureTask<>(() -> new Engine(Engine.read(options.contract), options, clock, this::url));
        Thread.ofPlatform().name("mock-contract").start(reading);
        Responder contract = new Current();
        stub = new ContractStub(contract, options.journal);
        server = new MockServer(options.host, options.port, contract, stub::isNeeded, this::wireMockHandler,
                new AdminGuard(options.host, options.adminFrom, options.adminHosts), options.journal > 0 ? stub::served : null);
        WireMockConfiguration configuration = WireMockConfiguration.options()
                .extensions(stub, new AdminApi(clock, () -> engine.sessions(), server::connectionsHeld, options.journal > 0))
                .useChunkedTransferEncoding(Options.ChunkedEncodingPolicy.NEVER)
                .gzipDisabled(true)
                .http2PlainDisabled(true)
                .stubRequestLoggingDisabled(true);
        if (options.journal == 0) {
            configuration.disableRequestJournal();
        }
        if (!options.bypass) {
            stub.watch();
        }
        if (options.stubs != null) {
            configuration.usingFilesUnderDirectory(options.stubs.toString());
            if (!Files.exists(options.stubs)) {
                say("there is no folder " + options.stubs + " yet; its stubs are read when there is");
            }
        } else {
            // Unless told, WireMock would take up whatever lies in src/test/resources.
            configuration.fileSource(new SingleRootFileSource(scratch.toFile()));
        }
        wireMock = new LazyWireMock(configuration.withStores(stub.stores(configuration.filesRoot())), server);
        engine = finished(reading);
        if (options.delay > 0) {
            wireMock.get().setGlobalFixedDelay(options.delay);
        }
        if (options.stubs != null) {
            wireMock.get();
        }
        try {
            server.start();
        } catch (IllegalStateException e) {
            engine.close();
            throw e;
        }
        wireMock.create(e -> {
            if (server.isRunning()) {
                say("WireMock does not work, so stubs, the admin API and preferences do not: " + e.getMessage());
            }
        });
        if (options.stubs != null) {
            watches.add(new FileWatch(options.stubs, file -> true, this::reloadStubs));
        }
        if (options.contract != null) {
            watches.add(new FileWatch(options.contract.toAbsolutePath().getParent(),
                    file -> file.toString().matches(".*\\.(ya?ml|json|md)"), this::reloadContract));
        }
    }

    private Handler wireMockHandler() {
        return wireMock.handler();
    }

    /** The contract as it is now, which may be read again; and the log of what it answers. */
    private final class Current implements Responder {
        @Override
        public Response handle(HttpRequest request) {
            Response response = engine.handle(request);
            if (options.log != null) {
                options.log.accept(request.method() + " " + request.path() + " → " + response.status() + "  " + response.reason());
            }
            return response;
        }

        @Override
        public boolean knows(HttpRequest request) {
            return engine.knows(request);
        }

        @Override
        public boolean isHealth(HttpRequest request) {
            return engine.isHealth(request);
        }

        @Override
        public Response refuse(ApiError error, String reason) {
            return engine.refuse(error, reason);
        }
    }

    /** Jetty tells of its start at INFO, which tests of people who log with java.util.logging would print, unless they have decided. */
    private static void quietJetty() {
        if (LoggerFactory.getILoggerFactory().getClass().getName().equals("org.slf4j.jul.JDK14LoggerFactory")
                && Jul.JETTY.getLevel() == null) {
            Jul.JETTY.setLevel(Level.WARNING);
        }
    }

    /** Holds the logger, which would forget its level otherwise; a class of its own, because the started jar does without. */
    private static final class Jul {
        static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");
    }

    private static String name(String host) {
        return Set.of("127.0.0.1", "0.0.0.0", "::").contains(host) ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
    }

    private static Engine finished(FutureTask<Engine> reading) {
        try {
            return reading.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A mock on a free port of the loopback address. */
    public static PhoneMock start() {
        return start(new MockOptions());
    }

    /** @throws IllegalArgumentException if the contract cannot be served */
    public static PhoneMock start(MockOptions options) {
        return new PhoneMock(options);
    }

    public int port() {
        return server.port();
    }

    /** Where it listens, such as {@code http://localhost:4010}. */
    public String url() {
        String known = url;
        if (known == null) {
            known = "http://" + name(options.host) + ":" + port();
            url = known;
        }
        return known;
    }

    /** The time of the mock. What it makes fall due has happened, or is on its way, when its methods return. */
    public MockClock clock() {
        return clock;
    }

    /** WireMock itself, for stubs, faults, recording and verifying. */
    public WireMockServer wireMock() {
        // It may be given listeners, of which nobody would tell us.
        stub.watch();
        return wireMock.get();
    }

    /** Back to the demo world, in every session: state, limits and idempotency keys. The clock and stubs stay as they are. */
    public void reset() {
        engine.sessions().reset();
    }

    /** Back to the demo world, in one session. */
    public void reset(String session) {
        engine.sessions().reset(session);
    }

    /** All that the common session holds, secrets and codes too, as JSON. */
    public String state() {
        return state("");
    }

    /** All that a session holds, secrets and codes too, as JSON. */
    public String state(String session) {
        Session held = engine.sessions().get(session);
        synchronized (held) {
            held.catchUp();
            return held.describe().toString();
        }
    }

    /** What someone of the demo world, such as {@code alice} or {@code app}, sends as headers. */
    public Map<String, String> credentials(String name) {
        return engine.demo().credentials(name);
    }

    LazyWireMock lazyWireMock() {
        return wireMock;
    }

    Engine engine() {
        return engine;
    }

    private void reloadStubs() {
        try {
            wireMock.readStubsAgain();
            say("read the stubs again");
        } catch (RuntimeException e) {
            say("the stubs cannot be read: " + e.getMessage());
        }
    }

    /** Takes up a changed contract, and begins with its demo world; one that is broken changes nothing. */
    private void reloadContract() {
        try {
            Engine before = engine;
            Contract contract = Engine.read(options.contract);
            // Any file beside it may have changed.
            if (contract.json().equals(before.model().contract().json())) {
                return;
            }
            engine = new Engine(contract, options, clock, this::url);
            before.close();
            say("read the contract again");
        } catch (RuntimeException e) {
            say("the contract cannot be served, so the one before stays: " + e.getMessage());
        }
    }

    private static void say(String message) {
        System.err.println("mock: " + message);
    }

    @Override
    public void close() {
        watches.forEach(FileWatch::close);
        server.stop();
        engine.close();
        if (Files.exists(scratch)) {
            try (Stream<Path> files = Files.walk(scratch)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                say("cannot remove " + scratch + ": " + e.getMessage());
            }
        }
    }
}
