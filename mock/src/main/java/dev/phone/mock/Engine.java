// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import dev.phone.api.Operation;
import dev.phone.contract.Contract;
import dev.phone.mock.answer.Action;
import dev.phone.mock.answer.Call;
import dev.phone.mock.answer.Maker;
import dev.phone.mock.answer.MockHandler;
import dev.phone.mock.answer.Names;
import dev.phone.mock.answer.Response;
import dev.phone.mock.http.Pages;
import dev.phone.mock.model.MockModel;
import dev.phone.mock.model.OperationModel;
import dev.phone.mock.otp.OtpLife;
import dev.phone.mock.state.DemoData;
import dev.phone.mock.state.Limits;
import dev.phone.mock.state.MockClock;
import dev.phone.mock.state.Sessions;
import dev.phone.mock.webhook.Events;
import dev.phone.mock.webhook.Sender;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** All that comes from one contract. Another contract is another engine. */
final class Engine implements AutoCloseable {
    private final MockModel model;
    private final DemoData demo;
    private final Sessions sessions;
    private final Sender sender;
    private final MockHandler handler;
    private final Pages pages;
    private final String methods;
    private final String headers;

    /** @param base the URL of this mock. @throws IllegalArgumentException if the contract cannot be served */
    Engine(Contract contract, MockOptions options, MockClock clock, Supplier<String> base) {
        model = MockModel.of(contract);
        Names names = new Names(base);
        demo = new DemoData(model);
        sender = new Sender(java.time.Clock.systemUTC(), names);
        Events events = new Events(model, demo, sender);
        OtpLife otp = new OtpLife(model, events);
        sessions = new Sessions(clock, () -> new Limits(clock, options.limits(), contract.backstop()), demo, base, options.seed(),
                otp::adopt);
        handler = new MockHandler(model, demo, sessions, new Maker(demo, names), options.stateless(), operation -> {
            Action action = otp.action(operation);
            return action != null ? action : events.action(operation);
        });
        pages = new Pages(contract);
        methods = contract.operations().stream().map(Operation::method).distinct().sorted().collect(Collectors.joining(", "));
        headers = headers(contract);
    }

    /** @param file null for the contract in the jar. @throws IllegalArgumentException if it cannot be served */
    static Contract read(Path file) {
        return file == null ? InJar.CONTRACT : Contract.readToServe(file);
    }

    /** Read once, however many mocks a JVM starts: it does not change. */
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

    private static String headers(Contract contract) {
        Set<String> headers = new TreeSet<>(Set.of("authorization", "content-type", "x-client-id", "x-client-secret", "x-api-key",
                "prefer", "x-mock-session"));
        for (Operation operation : contract.operations()) {
            operation.parameters().stream().filter(parameter -> parameter.in() == Operation.Place.HEADER)
                    .forEach(parameter -> headers.add(parameter.name().toLowerCase(java.util.Locale.ROOT)));
        }
        return String.join(", ", headers);
    }

    Response handle(Call call) {
        if (isPreflight(call)) {
            return Response.status(204, handler.requestId())
                    .header("access-control-allow-methods", methods)
                    .header("access-control-allow-headers", headers)
                    // Two hours, the longest that a browser remembers.
                    .header("access-control-max-age", "7200")
                    .because("preflight");
        }
        return isPage(call) ? pages.response(call.path(), handler.requestId()) : handler.handle(call);
    }

    /** Whether there is an operation or a page for a request, or it is a preflight. */
    boolean knows(Call call) {
        return isPreflight(call) || isPage(call) || handler.knows(call);
    }

    private boolean isPage(Call call) {
        return (call.method().equals("GET") || call.method().equals("HEAD")) && pages.has(call.path());
    }

    MockHandler handler() {
        return handler;
    }

    Sessions sessions() {
        return sessions;
    }

    private static boolean isPreflight(Call call) {
        return call.method().equals("OPTIONS") && !call.header("origin").isEmpty()
                && !call.header("access-control-request-method").isEmpty();
    }

    MockModel model() {
        return model;
    }

    DemoData demo() {
        return demo;
    }

    /** Whether the contract has an operation that a part of the banner is about. */
    boolean has(String operationId) {
        return model.operations().stream().map(OperationModel::id).anyMatch(operationId::equals);
    }

    @Override
    public void close() {
        sessions.close();
        sender.close();
    }
}
