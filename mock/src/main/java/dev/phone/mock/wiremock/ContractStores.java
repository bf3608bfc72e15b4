// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.wiremock;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;

import com.github.tomakehurst.wiremock.common.FileSource;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.matching.RequestMatcherExtension;
import com.github.tomakehurst.wiremock.store.BlobStore;
import com.github.tomakehurst.wiremock.store.DefaultStores;
import com.github.tomakehurst.wiremock.store.InMemoryStubMappingStore;
import com.github.tomakehurst.wiremock.store.RequestJournalStore;
import com.github.tomakehurst.wiremock.store.StubMappingStore;
import com.github.tomakehurst.wiremock.store.files.FileSourceBlobStore;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import com.github.tomakehurst.wiremock.stubbing.SubEvent;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * WireMock's stores, with an additional last stub that matches every request for which the contract has a route.
 *
 * <p>This stub is found but not stored: it is not listed, saved, exported, edited or removed, and is not a near miss.
 */
final class ContractStores extends DefaultStores {
    static final StubMapping CONTRACT = contract();

    private final FileSource root;
    private final StubMappingStore stubs;
    private final RequestJournalStore journal;

    /** @param known whether the contract has a route for a request */
    ContractStores(FileSource root, Predicate<Request> known, RequestJournalStore journal) {
        super(root);
        this.root = root;
        this.journal = journal;
        stubs = new InMemoryStubMappingStore() {
            @Override
            public Stream<StubMapping> findAllMatchingRequest(Request request, Map<String, RequestMatcherExtension> matchers,
                    Consumer<SubEvent> told) {
                return Stream.concat(super.findAllMatchingRequest(request, matchers, told),
                        Stream.of(CONTRACT).filter(contract -> known.test(request)));
            }
        };
    }

    private static StubMapping contract() {
        StubMapping stub = any(anyUrl()).willReturn(aResponse()).build();
        stub.setName("the contract");
        return stub;
    }

    /** A folder that does not exist, because nobody has saved a file yet, is empty rather than an error. */
    @Override
    public BlobStore getBlobStore(String name) {
        FileSource folder = root.child(name);
        return new FileSourceBlobStore(folder) {
            @Override
            public Stream<String> getAllKeys() {
                return folder.exists() ? super.getAllKeys() : Stream.empty();
            }
        };
    }

    @Override
    public RequestJournalStore getRequestJournalStore() {
        return journal;
    }

    @Override
    public StubMappingStore getStubStore() {
        return stubs;
    }
}
