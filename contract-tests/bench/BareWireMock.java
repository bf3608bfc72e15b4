// SPDX-License-Identifier: Apache-2.0

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.request;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.Options;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;

/** WireMock and nothing else: one stub for each recorded response, and all switched off that the mock switches off. PORT, then {@link Recorded}. */
final class BareWireMock {
    public static void main(String[] arguments) throws Exception {
        WireMockServer server = new WireMockServer(WireMockConfiguration.options()
                .bindAddress("127.0.0.1")
                .port(Integer.parseInt(arguments[0]))
                .useChunkedTransferEncoding(Options.ChunkedEncodingPolicy.NEVER)
                .gzipDisabled(true)
                .stubRequestLoggingDisabled(true)
                .disableRequestJournal());
        for (Recorded recorded : Recorded.of(arguments, 1)) {
            ResponseDefinitionBuilder response = aResponse().withStatus(recorded.status()).withBody(recorded.body());
            recorded.headers().forEach(header -> response.withHeader(header[0], header[1]));
            server.stubFor(request(recorded.method(), urlEqualTo(recorded.path())).willReturn(response));
        }
        server.start();
    }
}
