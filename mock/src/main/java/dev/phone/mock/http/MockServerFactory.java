// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import com.github.tomakehurst.wiremock.core.Options;
import com.github.tomakehurst.wiremock.http.AdminRequestHandler;
import com.github.tomakehurst.wiremock.http.HttpServer;
import com.github.tomakehurst.wiremock.http.HttpServerFactory;
import com.github.tomakehurst.wiremock.http.StubRequestHandler;
import dev.phone.api.ApiError;
import dev.phone.mock.answer.Answer;
import java.util.function.BiFunction;

/** Makes WireMock use our server. */
public final class MockServerFactory implements HttpServerFactory {
    private final Front front;
    private final BiFunction<ApiError, String, Answer> refusals;

    /** @param refusals answers what never reaches a stub */
    public MockServerFactory(Front front, BiFunction<ApiError, String, Answer> refusals) {
        this.front = front;
        this.refusals = refusals;
    }

    @Override
    public HttpServer buildHttpServer(Options options, AdminRequestHandler admin, StubRequestHandler stubs) {
        return MockServer.create(options, admin, stubs, front, refusals);
    }
}
