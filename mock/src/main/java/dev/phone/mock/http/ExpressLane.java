// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.mock.answer.Response;
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
 * journal, global delays, or a wish for a delay or a fault, all that it would do is copy the request a few times.
 */
final class ExpressLane extends AbstractHandler {
    private static final List<HttpField> ALWAYS = Front.ALWAYS.entrySet().stream()
            .<HttpField>map(each -> new PreEncodedHttpField(each.getKey(), each.getValue())).toList();

    private final Front front;

    ExpressLane(Front front) {
        this.front = front;
    }

    @Override
    public void handle(String target, Request base, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!WireChannel.of(base).isOnlyOurs()
                && (!front.isBypassable() || target.startsWith("/__") || base.getHttpFields().contains("prefer"))) {
            return;
        }
        base.setHandled(true);
        JettyCall call = new JettyCall(base);
        Response ours = front.handle(call);
        var own = base.getResponse();
        own.setStatus(ours.status());
        HttpFields.Mutable fields = own.getHttpFields();
        for (Response.Header header : ours.headers()) {
            fields.add(header.name(), header.value());
        }
        ALWAYS.forEach(fields::add);
        if (call.isLeftBehind()) {
            fields.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        }
        own.setLongContentLength(ours.body().length);
        own.getHttpOutput().write(ours.body());
        own.closeOutput();
        call.finish();
    }
}
