// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.mock.answer.Answer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.AbstractHandler;

/**
 * Answers without WireMock what WireMock has nothing to say about, which is most of what a mock is asked: without stubs of a user, a
 * journal, global delays, or a wish for a delay or a fault, all that it would do is copy the request a few times.
 */
final class ExpressLane extends AbstractHandler {
    private final Front front;

    ExpressLane(Front front) {
        this.front = front;
    }

    @Override
    public void handle(String target, Request base, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!front.isBypassable() || target.startsWith("/__") || base.getHttpFields().contains("prefer")
                || base.getMethod().equals("CONNECT")) {
            return;
        }
        base.setHandled(true);
        Answer answer = front.answer(new JettyCall(base));
        Response own = base.getResponse();
        own.setStatus(answer.status());
        HttpFields.Mutable fields = own.getHttpFields();
        Front.headers(answer, fields::add);
        own.setLongContentLength(answer.body().length);
        own.getHttpOutput().write(answer.body());
        own.closeOutput();
    }
}
