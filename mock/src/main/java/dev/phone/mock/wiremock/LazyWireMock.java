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
    /** The stubs of the files, as they were last read. */
    private Set<UUID> fromFiles = Set.of();

    /** @param server through which WireMock gets its requests */
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

                /** WireMock finds out too late that it has no journal, and leaves the stub that forwards everything. */
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

    /** Begins to create WireMock. @param failed is told when that does not work, besides all who need it */
    public void create(Consumer<RuntimeException> failed) {
        Thread.ofPlatform().daemon().name("mock-wiremock").start(() -> {
            try {
                get();
            } catch (RuntimeException e) {
                failed.accept(e);
            }
        });
    }

    /** WireMock, as soon as it is created; whoever comes first creates it. */
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
     * Reads the files with stubs again. A stub that is there before and after is there all the time, which is not so when WireMock resets its
     * mappings; one that came from elsewhere stays. Where a file cannot be read, nothing changes.
     */
    public synchronized void readStubsAgain() {
        get().loadMappingsUsing(stubs -> {
            InMemoryStubMappings read = new InMemoryStubMappings();
            configuration.mappingsLoader().loadMappingsInto(read);
            // Of those that match a request, WireMock takes the one that was added last.
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

    /** All of WireMock that handles requests: stubs, admin API, files. */
    public Handler handler() {
        get();
        return handlers.handler();
    }
}
