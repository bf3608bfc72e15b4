// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.consumer;

import static au.com.dius.pact.consumer.ConsumerPactRunnerKt.runConsumerTest;
import static au.com.dius.pact.consumer.dsl.LambdaDsl.newJsonBody;
import static au.com.dius.pact.consumer.dsl.Matchers.fromProviderState;
import static dev.phone.contracttests.pact.PactJvm.PACT_JVM;

import au.com.dius.pact.consumer.PactVerificationResult;
import au.com.dius.pact.consumer.dsl.DslPart;
import au.com.dius.pact.consumer.dsl.HttpInteractionBuilder;
import au.com.dius.pact.consumer.dsl.HttpRequestBuilder;
import au.com.dius.pact.consumer.dsl.HttpResponseBuilder;
import au.com.dius.pact.consumer.dsl.LambdaDslObject;
import au.com.dius.pact.consumer.dsl.PactBuilder;
import au.com.dius.pact.consumer.model.MockProviderConfig;
import au.com.dius.pact.core.model.PactSpecVersion;
import au.com.dius.pact.core.model.V4Interaction;
import au.com.dius.pact.core.model.V4Pact;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Tests of a client against a provider that knows only what the client says it relies on: the interactions of its pact. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(PACT_JVM)
abstract class ConsumerTest {
    static final String PROVIDER = "phone";

    /** What the consumers rely on in values that are made anew each time. */
    static final String INSTANT = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z";
    static final String NUMBER = "\\+999 [0-9]{3} [0-9]{3} [0-9]{3}";
    static final String EXPIRES_AT = "2026-01-15T09:35:00.000Z";

    private final String consumer;
    private final Golden golden;
    private int tests;

    ConsumerTest(String consumer) {
        this.consumer = consumer;
        this.golden = new Golden(consumer);
    }

    static String id(String prefix) {
        return prefix + "_[0-9a-z]{26}";
    }

    PactBuilder pact() {
        return new PactBuilder(consumer, PROVIDER, PactSpecVersion.V4);
    }

    void write(V4Pact pact) {
        tests++;
        golden.asked((V4Interaction) pact.getInteractions().getFirst());
    }

    /** An interaction that begins in a state. */
    Interaction given(String state, Map<String, Object> parameters) {
        return new Interaction(http -> parameters.isEmpty() ? http.state(state) : http.state(state, parameters));
    }

    Interaction given(String state) {
        return given(state, Map.of());
    }

    @AfterAll
    void comparePact() {
        // A part of the tests says nothing about the rest of the file.
        if (tests == Arrays.stream(getClass().getDeclaredMethods()).filter(ConsumerTest::isTest).count()) {
            golden.complete();
        }
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class);
    }

    /** One question of the client and the answer to it. */
    final class Interaction {
        private final UnaryOperator<HttpInteractionBuilder> state;
        private UnaryOperator<HttpRequestBuilder> request;
        private UnaryOperator<HttpResponseBuilder> response;
        private String description;

        private Interaction(UnaryOperator<HttpInteractionBuilder> state) {
            this.state = state;
        }

        Interaction receives(String description, UnaryOperator<HttpRequestBuilder> request) {
            this.description = description;
            this.request = request;
            return this;
        }

        Interaction answers(int status, Consumer<LambdaDslObject> body) {
            return answers(response -> response.status(status), body);
        }

        Interaction answers(UnaryOperator<HttpResponseBuilder> more, Consumer<LambdaDslObject> body) {
            this.response = response -> more.apply(response).body(json(body));
            return this;
        }

        /** An error of this code. The client shows the message as it is. */
        Interaction refuses(int status, String code, String message) {
            return answers(status, body -> body.object("error", error -> error.stringValue("code", code).stringType("message", message)));
        }

        /** Lets the client ask. @return what it makes of the answer */
        <T> T when(Function<URI, T> client) {
            V4Pact pact = pact().expectsToReceiveHttpInteraction(description,
                    http -> state.apply(http).withRequest(request::apply).willRespondWith(response::apply)).toPact();
            Answer<T> answer = run(pact, client);
            write(pact);
            return answer.value();
        }
    }

    private record Answer<T>(T value) {
    }

    private static <T> Answer<T> run(V4Pact pact, Function<URI, T> client) {
        PactVerificationResult result = runConsumerTest(pact, MockProviderConfig.createDefault(PactSpecVersion.V4),
                (server, context) -> new Answer<>(client.apply(URI.create(server.getUrl()))));
        return switch (result) {
            case PactVerificationResult.Ok ok -> {
                @SuppressWarnings("unchecked")
                Answer<T> answer = (Answer<T>) ok.getResult();
                yield answer;
            }
            case PactVerificationResult.Error error -> throw new AssertionError(error.getMockServerState().getDescription(), error.getError());
            default -> throw new AssertionError(result.getDescription());
        };
    }

    static DslPart json(Consumer<LambdaDslObject> body) {
        return newJsonBody(body::accept).build();
    }

    /** @throws AssertionError if the call is not refused so */
    static <E extends PhoneApi.Refused> E refused(Class<E> kind, Callable<?> call) {
        try {
            throw new AssertionError("the client did not notice the refusal, but answered " + call.call());
        } catch (PhoneApi.Refused e) {
            return kind.cast(e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static HttpRequestBuilder header(HttpRequestBuilder request, String name, String expression, String example) {
        return request.header(name, fromProviderState(expression, example));
    }
}
