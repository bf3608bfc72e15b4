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
    // Where WireMock saves stubs if the user has not given a folder.
    private final Path scratch = Path.of(System.getProperty("java.io.tmpdir"), "phone-mock-" + UUID.randomUUID());
    private final List<FileWatch> watches = new ArrayList<>(2);
    private volatile Engine engine;
    private volatile String url;

    private PhoneMock(MockOptions options) {
        this.options = options;
        quietJetty();
        // Reads the contract while the server starts, because both take some time.
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
                say("there is no folder " + options.stubs + " yet; its stubs will be read when it exists");
            }
        } else {
            // By default, WireMock would load stubs from src/test/resources.
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
                say("WireMock cannot start, so stubs, the admin API and preferences do not work: " + e.getMessage());
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

    /** The current engine, which is replaced when the contract changes, with the log of its responses. */
    private final class Current implements Responder {
        @Override
        public Response handle(HttpRequest request) {
            Response response = engine.handle(request);
            if (options.log != null) {
                options.log.accept(Response.printable(request.method() + " " + request.path()) + " → " + response.status() + "  "
                        + Response.printable(String.valueOf(response.reason())));
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

    /** Jetty logs its start at INFO. With java.util.logging, tests would print that unless the user has set a level. */
    private static void quietJetty() {
        if (LoggerFactory.getILoggerFactory().getClass().getName().equals("org.slf4j.jul.JDK14LoggerFactory")
                && Jul.JETTY.getLevel() == null) {
            Jul.JETTY.setLevel(Level.WARNING);
        }
    }

    /** Keeps a strong reference to the logger, so that it keeps its level. A separate class, because the jar runs without java.logging. */
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

    /** Starts a mock on a free port of the loopback address. */
    public static PhoneMock start() {
        return start(new MockOptions());
    }

    /** Starts a mock. @throws IllegalArgumentException if the contract cannot be served @throws IllegalStateException if it cannot listen */
    public static PhoneMock start(MockOptions options) {
        return new PhoneMock(options);
    }

    public int port() {
        return server.port();
    }

    /** The URL of this mock, such as {@code http://localhost:4010}. */
    public String url() {
        String known = url;
        if (known == null) {
            known = "http://" + name(options.host) + ":" + port();
            url = known;
        }
        return known;
    }

    /** The clock of the mock. When its methods return, everything that has become due has happened, or is in progress. */
    public MockClock clock() {
        return clock;
    }

    /** WireMock itself, for stubs, faults, recording and verifying. */
    public WireMockServer wireMock() {
        // The caller may add listeners without our knowledge.
        stub.watch();
        return wireMock.get();
    }

    /** Resets all sessions to the demo world: state, limits and idempotency keys. The clock and stubs are not changed. */
    public void reset() {
        engine.sessions().reset();
    }

    /** Resets one session to the demo world. */
    public void reset(String session) {
        engine.sessions().reset(session);
    }

    /** The complete state of the default session as JSON, including secrets and codes. */
    public String state() {
        return state("");
    }

    /** The complete state of a session as JSON, including secrets and codes. */
    public String state(String session) {
        Session held = engine.sessions().get(session);
        synchronized (held) {
            held.catchUp();
            return held.describe().toString();
        }
    }

    /** The headers with the credentials of a caller of the demo world, such as {@code alice} or {@code app}; null if there is none of this name. */
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

    /** Switches to a changed contract and its demo world; an invalid one changes nothing. */
    private void reloadContract() {
        try {
            Engine before = engine;
            Contract contract = Engine.read(options.contract);
            // The changed file may not be part of the contract.
            if (contract.json().equals(before.model().contract().json())) {
                return;
            }
            engine = new Engine(contract, options, clock, this::url);
            before.close();
            say("read the contract again");
        } catch (RuntimeException e) {
            say("the contract cannot be served, so the previous one is kept: " + e.getMessage());
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
