// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import dev.phone.api.RequestHead;
import dev.phone.mock.handler.Responder;
import dev.phone.mock.handler.Response;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpInput;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.AbstractHandler;

/**
 * Answers from the contract directly while no stub, global delay or Prefer header needs WireMock, which would only copy the request a few times. All
 * other requests go to WireMock, except those with a body that is too large, incomplete, or has a content coding, which WireMock would decompress
 * without a limit, and those with a form that WireMock should not parse.
 */
final class ContractHandler extends AbstractHandler {
    private static final String FILES = "/__files";
    private static final List<HttpField> ALWAYS = Response.ALWAYS.entrySet().stream()
            .<HttpField>map(each -> new PreEncodedHttpField(each.getKey(), each.getValue())).toList();

    private final Responder contract;
    private final BooleanSupplier needsWireMock;
    private final Supplier<Handler> wireMock;
    private final AdminGuard admin;
    private final Consumer<ServedRequest> journal;

    ContractHandler(Responder contract, BooleanSupplier needsWireMock, Supplier<Handler> wireMock, AdminGuard admin, Consumer<ServedRequest> journal) {
        this.journal = journal;
        this.admin = admin;
        this.contract = contract;
        this.needsWireMock = needsWireMock;
        this.wireMock = wireMock;
    }

    @Override
    public void handle(String path, Request jetty, HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        WireChannel channel = WireChannel.of(jetty);
        boolean isAdmin = AdminGuard.isAdmin(path);
        boolean isEncoded = request.getHeader("content-encoding") != null && !isAdmin;
        ServletRequest asked = new ServletRequest(request, channel.method(), channel.target());
        boolean isHealth = contract.isHealth(asked);
        boolean isWireMocks = (needsWireMock.getAsBoolean() || isAdmin || request.getHeader("prefer") != null) && !isFile(path);
        if (isHealth || channel.isOnlyOurs() || isEncoded || !isWireMocks || !isAdmin && !(asked.isReadable() && asked.hasNoCostlyForm())) {
            jetty.setHandled(true);
            try {
                answer(jetty, asked, !isHealth && !channel.isOnlyOurs());
            } catch (IOException e) {
                // The client does not read the response; Jetty need not log a warning.
                throw new EofException(e);
            }
        } else if (!isAdmin) {
            wireMock.get().handle(path, jetty, asked.again(), response);
        } else if (!admin.refuses(jetty, response)) {
            jetty.getHttpInput().addInterceptor(new BodyLimit());
            wireMock.get().handle(path, jetty, request, response);
        }
    }

    /** Whether WireMock would serve a file from the stubs directory, without the checks of {@link AdminGuard}. */
    private static boolean isFile(String path) {
        return path.equals(FILES) || path.startsWith(FILES + '/');
    }

    /** Limits the body of an admin request, because WireMock reads all of it first, without a limit. */
    private static final class BodyLimit implements HttpInput.Interceptor {
        private long read;

        @Override
        public HttpInput.Content readFrom(HttpInput.Content content) {
            read += content.remaining();
            return read <= RequestHead.ABSURD_BODY_BYTES ? content : new HttpInput.ErrorContent(new BadMessageException(HttpStatus.PAYLOAD_TOO_LARGE_413));
        }
    }

    private void answer(Request jetty, ServletRequest request, boolean isForJournal) throws IOException {
        Response answer = contract.handle(request);
        ServedRequest served = null;
        if (journal != null && isForJournal) {
            // Journal the request before the client has the response.
            served = new ServedRequest(jetty, request, answer);
            served.body(request.read());
            journal.accept(served);
        }
        org.eclipse.jetty.server.Response response = jetty.getResponse();
        response.setStatus(answer.status());
        HttpFields.Mutable fields = response.getHttpFields();
        for (Response.Header header : answer.headers()) {
            fields.add(header.name(), header.value());
        }
        for (HttpField field : ALWAYS) {
            if (!answer.has(field.getName())) {
                fields.add(field);
            }
        }
        if (request.isLeftBehind() || request.isBroken()) {
            fields.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        }
        response.setLongContentLength(answer.body().length);
        response.getHttpOutput().write(answer.body());
        response.closeOutput();
        request.finish();
        if (served != null) {
            served.body(request.read());
        }
    }
}
