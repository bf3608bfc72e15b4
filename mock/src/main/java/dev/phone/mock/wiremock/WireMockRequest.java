// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.wiremock;

import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.Request;
import dev.phone.api.ApiError;
import dev.phone.api.Rules;
import dev.phone.mock.handler.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Adapts a request of WireMock. */
final class WireMockRequest extends HttpRequest {
    private static final byte[] NOTHING = {};

    private final Request request;

    WireMockRequest(Request request) {
        super(request.getMethod().getName(), request.getUrl());
        this.request = request;
    }

    @Override
    public String address() {
        return request.getClientIp();
    }

    @Override
    public Map<String, String> allHeaders() {
        Map<String, String> headers = new TreeMap<>();
        for (HttpHeader header : request.getHeaders().all()) {
            headers.merge(header.key().toLowerCase(Locale.ROOT), shown(header.key(), String.join(", ", header.values())), (a, b) -> a + ", " + b);
        }
        return headers;
    }

    @Override
    public List<String> header(String name) {
        HttpHeader header = request.header(name);
        return header.isPresent() ? header.values() : List.of();
    }

    @Override
    public byte[] body() {
        byte[] body = request.getBody();
        if (body == null) {
            return NOTHING;
        }
        if (body.length > Rules.BODY_MAXIMUM) {
            throw ApiError.tooLarge();
        }
        return body;
    }
}
