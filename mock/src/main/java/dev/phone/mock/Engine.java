// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import dev.phone.api.ApiError;
import dev.phone.api.Cors;
import dev.phone.contract.Contract;
import dev.phone.mock.handler.BaseUrls;
import dev.phone.mock.handler.HttpRequest;
import dev.phone.mock.handler.MockHandler;
import dev.phone.mock.handler.OperationHandler;
import dev.phone.mock.handler.ResourceFactory;
import dev.phone.mock.handler.Responder;
import dev.phone.mock.handler.Response;
import dev.phone.mock.http.Pages;
import dev.phone.mock.model.MockModel;
import dev.phone.mock.model.OperationModel;
import dev.phone.mock.otp.OtpHandlers;
import dev.phone.mock.state.DemoData;
import dev.phone.mock.state.Limits;
import dev.phone.mock.state.MockClock;
import dev.phone.mock.state.Sessions;
import dev.phone.mock.webhook.WebhookClient;
import dev.phone.mock.webhook.WebhookEvents;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Everything that depends on the contract. A new contract gets a new engine. */
final class Engine implements Responder, AutoCloseable {
    private final MockModel model;
    private final DemoData demo;
    private final Sessions sessions;
    private final WebhookClient client;
    private final MockHandler handler;
    private final Pages pages;
    private final Cors cors;

    /** @param base the URL of this mock. @throws IllegalArgumentException if the contract cannot be served */
    Engine(Contract contract, MockOptions options, MockClock clock, Supplier<String> base) {
        model = MockModel.of(contract);
        BaseUrls baseUrls = new BaseUrls(base);
        demo = new DemoData(model);
        client = new WebhookClient(java.time.Clock.systemUTC());
        WebhookEvents events = new WebhookEvents(model, demo, baseUrls, client);
        OtpHandlers otp = new OtpHandlers(model, events);
        sessions = new Sessions(clock, addresses -> new Limits(clock, options.limits, contract.backstop(), addresses), demo, base,
                options.seed, options.sessionBytes, otp::adopt);
        handler = new MockHandler(model, demo, sessions, new ResourceFactory(demo, baseUrls), options.stateless, operation -> {
            OperationHandler own = otp.handler(operation);
            return own != null ? own : events.handler(operation);
        });
        pages = new Pages(options.contract == null ? null : contract);
        cors = Cors.of(contract.operations(), "prefer", "x-mock-session");
    }

    /** @param file null for the contract in the jar. @throws IllegalArgumentException if it cannot be served */
    static Contract read(Path file) {
        return file == null ? InJar.CONTRACT : Contract.readToServe(file);
    }

    /** Read once per JVM, because the contract in the jar does not change. */
    private static final class InJar {
        static final Contract CONTRACT = contract();

        private static Contract contract() {
            try (InputStream in = Engine.class.getResourceAsStream("/openapi.json"); JsonReader reader = Json.createReader(in)) {
                return Contract.of(reader.readObject());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public Response handle(HttpRequest request) {
        if (isPreflight(request)) {
            return Response.status(204, handler.requestId())
                    .header("access-control-allow-methods", cors.methods())
                    .header("access-control-allow-headers", cors.headers())
                    .header("access-control-max-age", Cors.MAX_AGE)
                    .because("preflight");
        }
        return isPage(request) || isHealth(request) ? pages.response(request, handler.requestId()) : handler.handle(request);
    }

    @Override
    public boolean knows(HttpRequest request) {
        return isPreflight(request) || isPage(request) || isHealth(request) || handler.knows(request);
    }

    private boolean isPage(HttpRequest request) {
        return (request.method().equals("GET") || request.method().equals("HEAD")) && pages.has(request.path());
    }

    /** An operation of the contract takes precedence. */
    @Override
    public boolean isHealth(HttpRequest request) {
        return Pages.isHealth(request.path()) && request.method().equals("GET") && !handler.knows(request);
    }

    @Override
    public Response refuse(ApiError error, String reason) {
        return handler.refuse(error, reason);
    }

    Sessions sessions() {
        return sessions;
    }

    private static boolean isPreflight(HttpRequest request) {
        return Cors.isPreflight(request.method(), !request.header("origin").isEmpty(), !request.header("access-control-request-method").isEmpty());
    }

    MockModel model() {
        return model;
    }

    DemoData demo() {
        return demo;
    }

    /** Whether the contract has this operation, which the banner mentions. */
    boolean has(String operationId) {
        return model.operations().stream().map(OperationModel::id).anyMatch(operationId::equals);
    }

    @Override
    public void close() {
        sessions.close();
        client.close();
    }
}
