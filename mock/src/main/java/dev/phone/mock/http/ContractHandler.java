// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.mock.handler.Response;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.AbstractHandler;

/**
 * Answers without WireMock what WireMock has nothing to say about, which is most of what a mock is asked: without stubs of a user, a
 * journal, global delays, or a preferred delay or fault, all that it would do is copy the request a few times.
 */
final class ContractHandler extends AbstractHandler {
    private static final List<HttpField> ALWAYS = ContractStub.ALWAYS.entrySet().stream()
            .<HttpField>map(each -> new PreEncodedHttpField(each.getKey(), each.getValue())).toList();

    private final ContractStub stub;

    ContractHandler(ContractStub stub) {
        this.stub = stub;
    }

    @Override
    public void handle(String target, Request base, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!WireChannel.of(base).isOnlyOurs()
                && (!stub.isBypassable() || target.startsWith("/__") || base.getHttpFields().contains("prefer"))) {
            return;
        }
        base.setHandled(true);
        JettyRequest own = new JettyRequest(base);
        Response ours = stub.handle(own);
        var sent = base.getResponse();
        sent.setStatus(ours.status());
        HttpFields.Mutable fields = sent.getHttpFields();
        for (Response.Header header : ours.headers()) {
            fields.add(header.name(), header.value());
        }
        ALWAYS.forEach(fields::add);
        if (own.isLeftBehind()) {
            fields.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        }
        sent.setLongContentLength(ours.body().length);
        sent.getHttpOutput().write(ours.body());
        sent.closeOutput();
        own.finish();
    }
}
