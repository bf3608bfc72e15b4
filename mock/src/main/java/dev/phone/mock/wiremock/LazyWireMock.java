// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.wiremock;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.recording.RecordSpec;
import com.github.tomakehurst.wiremock.recording.RecordSpecBuilder;
import com.github.tomakehurst.wiremock.stubbing.InMemoryStubMappings;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import dev.phone.mock.http.MockServer;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Handler;

/** Creates WireMock on first use; the port is open before. */
public final class LazyWireMock {
    private final WireMockConfiguration configuration;
    private final FutureTask<WireMockServer> creation;
    private WireMockHandlers handlers;
    /** The stubs from files, as last read. */
    private Set<UUID> fromFiles = Set.of();

    /** @param server passes requests to WireMock */
    public LazyWireMock(WireMockConfiguration configuration, MockServer server) {
        this.configuration = configuration;
        configuration.httpServerFactory((options, admin, stubs) -> handlers = new WireMockHandlers(options, admin, stubs, server));
        creation = new FutureTask<>(() -> {
            WireMockServer wireMock = new WireMockServer(configuration) {
                @Override
                public void startRecording(String targetBaseUrl) {
                    startRecording(RecordSpec.forBaseUrl(targetBaseUrl));
                }

                @Override
                public void startRecording(RecordSpecBuilder spec) {
                    startRecording(spec.build());
                }

                /** Without this check WireMock detects too late that it has no journal, and leaves the stub that proxies everything. */
                @Override
                public void startRecording(RecordSpec spec) {
                    getServeEvents();
                    super.startRecording(spec);
                }
            };
            fromFiles = ids(wireMock.getStubMappings());
            server.add(handlers.handler());
            return wireMock;
        });
    }

    /** Starts creating WireMock. @param failed receives a failure, which all callers of {@link #get} get, too */
    public void create(Consumer<RuntimeException> failed) {
        Thread.ofPlatform().daemon().name("mock-wiremock").start(() -> {
            try {
                get();
            } catch (RuntimeException e) {
                failed.accept(e);
            }
        });
    }

    /** Returns WireMock; the first call creates it. */
    public WireMockServer get() {
        creation.run();
        try {
            return creation.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads the stub files again. Unlike a reset of WireMock's mappings, unchanged stubs stay available throughout, and stubs from elsewhere are
     * kept. If a file cannot be read, nothing changes.
     */
    public synchronized void readStubsAgain() {
        get().loadMappingsUsing(stubs -> {
            InMemoryStubMappings read = new InMemoryStubMappings();
            configuration.mappingsLoader().loadMappingsInto(read);
            // Of several matching stubs, WireMock uses the one that was added last.
            for (StubMapping stub : read.getAll().reversed()) {
                if (stubs.get(stub.getId()).isEmpty()) {
                    stubs.addMapping(stub);
                } else if (!stubs.get(stub.getId()).get().equals(stub)) {
                    stubs.editMapping(stub);
                }
            }
            stubs.getAll().stream().filter(stub -> fromFiles.contains(stub.getId()) && read.get(stub.getId()).isEmpty()).forEach(stubs::removeMapping);
            fromFiles = ids(read.getAll());
        });
    }

    private static Set<UUID> ids(List<StubMapping> stubs) {
        return stubs.stream().map(StubMapping::getId).collect(Collectors.toSet());
    }

    /** WireMock's handler of requests: stubs, admin API, files. */
    public Handler handler() {
        get();
        return handlers.handler();
    }
}
