// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import static dev.phone.contracttests.pact.PactJvm.PACT_JVM;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import au.com.dius.pact.core.model.Interaction;
import au.com.dius.pact.core.model.Pact;
import au.com.dius.pact.core.model.ProviderState;
import au.com.dius.pact.core.model.SynchronousRequestResponse;
import au.com.dius.pact.provider.MessageAndMetadata;
import au.com.dius.pact.provider.PactVerifyProvider;
import au.com.dius.pact.provider.VerificationFailureType;
import au.com.dius.pact.provider.junit5.HttpTestTarget;
import au.com.dius.pact.provider.junit5.MessageTestTarget;
import au.com.dius.pact.provider.junit5.PactVerificationContext;
import au.com.dius.pact.provider.junit5.PactVerificationInvocationContextProvider;
import au.com.dius.pact.provider.junitsupport.IgnoreMissingStateChange;
import au.com.dius.pact.provider.junitsupport.Provider;
import au.com.dius.pact.provider.junitsupport.VerificationReports;
import au.com.dius.pact.provider.junitsupport.loader.PactFolder;
import com.standardwebhooks.Webhook;
import dev.phone.api.Operation;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.Target;
import dev.phone.contracttests.target.TargetType;
import dev.phone.contracttests.trace.Evidence;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kotlin.Pair;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every target keeps what the pacts in {@code contract-tests/pacts} ask for. What the server does not implement yet is verified on the mock
 * alone; when it does, it is verified there, too.
 */
@ResourceLock(PACT_JVM)
class PactVerificationTest {

    /** What is parameterised cannot have a lock of its own. */
    @Nested
    @ParameterizedClass(name = "{0}")
    @EnumSource(TargetType.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @Provider("phone")
    @PactFolder("pacts")
    // States are set by their names where a request is prepared, not by a method each.
    @IgnoreMissingStateChange
    // What differs is in the failure.
    @VerificationReports({})
    class OnEachTarget {
        @Parameter
        TargetType type;
        private final JsonArrayBuilder results = Json.createArrayBuilder();
        private Target target;
        private Target limited;
        /** Of the provider states of the interaction that is verified. */
        private final Map<String, Object> values = new HashMap<>();

        @BeforeParameterizedClassInvocation
        void takeTargets() {
            target = type.take(false);
            limited = type.take(true);
        }

        @AfterParameterizedClassInvocation
        void giveTargetsBack() {
            Evidence.write("pacts", type.toString(), Json.createObjectBuilder().add("target", type.toString()).add("results", results).build());
            type.giveBack(target, false);
            type.giveBack(limited, true);
        }

        @BeforeEach
        void startFromTheDemoWorld(PactVerificationContext context) {
            values.clear();
            Operation operation = operation(context.getInteraction());
            boolean isBuilt = type.isMock() || TheContract.isBuilt(operation);
            if (!isBuilt) {
                record(context, new Verdict(Verdict.Kind.NOT_BUILT, List.of()), 0);
            }
            assumeTrue(isBuilt, () -> "the server does not implement " + operation.id() + " yet");
            Target used = ProviderStates.needLimits(states(context.getInteraction())) ? limited : target;
            used.reset();
            context.setTarget(new Http(used));
            Events.target = used;
            context.addAdditionalTarget(new MessageTestTarget(List.of("dev.phone.contracttests.pact"), Events.class.getClassLoader()));
        }

        @TestTemplate
        @ExtendWith(PactVerificationInvocationContextProvider.class)
        void holds(PactVerificationContext context) {
            long start = System.nanoTime();
            List<String> differences = List.of();
            try {
                context.verifyInteraction();
            } catch (AssertionError e) {
                // pact-jvm would have it printed by a reporter.
                differences = differences(context);
                if (differences.isEmpty()) {
                    throw e;
                }
            }
            Verdict verdict = Verdict.of(differences, PactRun.unpromised(context.getInteraction(), values));
            record(context, verdict, Duration.ofNanos(System.nanoTime() - start).toMillis());
            if (verdict.kind() != Verdict.Kind.HOLDS) {
                throw new AssertionError((differences.isEmpty() ? "the contract does not promise what " : "the " + type + " does not do what ")
                        + context.getPact().getConsumer().getName() + " asks for by '" + context.getInteraction().getDescription() + "':\n- "
                        + String.join("\n- ", verdict.details()));
            }
        }

        /** For the page that shows what was proved. */
        private void record(PactVerificationContext context, Verdict verdict, long millis) {
            results.add(Json.createObjectBuilder().add("consumer", context.getPact().getConsumer().getName())
                    .add("interaction", context.getInteraction().getDescription()).add("states", String.join(", ", states(context.getInteraction())))
                    .add("verdict", verdict.kind().words).add("details", Json.createArrayBuilder(verdict.details())).add("millis", millis));
        }

        private static List<String> differences(PactVerificationContext context) {
            return context.getTestExecutionResult().stream().flatMap(result -> result.getFailures().values().stream()).flatMap(List::stream)
                    .flatMap(failure -> failure instanceof VerificationFailureType.MismatchFailure found
                            ? Differences.of(List.of(found.getMismatch())).stream() : Stream.of(reason(failure))).toList();
        }

        /** What a method of ours said, of which pact-jvm says only that it failed. */
        private static String reason(VerificationFailureType failure) {
            Throwable cause = failure.getException();
            while (cause != null && cause.getCause() != null) {
                cause = cause.getCause();
            }
            return cause == null ? failure.description() : cause.getMessage();
        }

        /** Whose implementation an interaction needs. */
        private static Operation operation(Interaction interaction) {
            return interaction instanceof SynchronousRequestResponse http
                    ? TheContract.operation(http.getRequest().getMethod(), http.getRequest().getPath()) : TheContract.operation("createWebhook");
        }

        private static List<String> states(Interaction interaction) {
            return interaction.getProviderStates().stream().map(ProviderState::getName).toList();
        }

        /** Sets the states just before the request is made from their values. */
        private final class Http extends HttpTestTarget {
            private final Target target;

            Http(Target target) {
                // A 429 is an answer, too: nothing is sent twice.
                super("localhost", target.url().getPort(), "/", () -> provider -> HttpClients.custom().disableAutomaticRetries().build());
                this.target = target;
            }

            @Override
            public Pair<Object, Object> prepareRequest(Pact pact, Interaction interaction, Map<String, Object> context) {
                interaction.getProviderStates().forEach(state -> values.putAll(ProviderStates.set(target, state.getName(), state.getParams())));
                context.put("providerState", Map.copyOf(values));
                return super.prepareRequest(pact, interaction, context);
            }
        }
    }

    /** What is sent by itself. pact-jvm makes an instance for each event. */
    public static final class Events {
        /** Where the events come from. */
        private static Target target;

        @PactVerifyProvider("the event otp.sent")
        public MessageAndMetadata sent() throws Exception {
            return event("otp.sent");
        }

        @PactVerifyProvider("the event otp.verified")
        public MessageAndMetadata verified() throws Exception {
            return event("otp.verified");
        }

        @PactVerifyProvider("the event otp.failed")
        public MessageAndMetadata failed() throws Exception {
            return event("otp.failed");
        }

        @PactVerifyProvider("the event otp.expired")
        public MessageAndMetadata expired() throws Exception {
            return event("otp.expired");
        }

        @PactVerifyProvider("the event otp.cancelled")
        public MessageAndMetadata cancelled() throws Exception {
            return event("otp.cancelled");
        }

        @PactVerifyProvider("the event webhook.test")
        public MessageAndMetadata tested() throws Exception {
            return event("webhook.test");
        }

        private MessageAndMetadata event(String type) throws Exception {
            WebhookEvents.Event event = WebhookEvents.send(target, type);
            // The library, whose clock is not the target's, signs the same content at the same time.
            String signature = new Webhook(event.secret()).sign(event.headers().get("webhook-id"),
                    Long.parseLong(event.headers().get("webhook-timestamp")), event.body());
            assertTrue(Arrays.asList(event.headers().get("webhook-signature").split(" ")).contains(signature),
                    () -> event.headers() + " does not carry the signature " + signature);
            Map<String, Object> metadata = new HashMap<>(event.headers());
            metadata.put("contentType", event.headers().get("content-type"));
            return new MessageAndMetadata(event.body().getBytes(StandardCharsets.UTF_8), metadata);
        }
    }
}
