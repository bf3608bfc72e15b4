// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import au.com.dius.pact.core.matchers.Mismatch;
import au.com.dius.pact.core.matchers.ResponseMatching;
import au.com.dius.pact.core.matchers.generators.ArrayContainsJsonGenerator;
import au.com.dius.pact.core.matchers.generators.DefaultResponseGenerator;
import au.com.dius.pact.core.model.Consumer;
import au.com.dius.pact.core.model.ContentType;
import au.com.dius.pact.core.model.HttpResponse;
import au.com.dius.pact.core.model.IRequest;
import au.com.dius.pact.core.model.IResponse;
import au.com.dius.pact.core.model.Interaction;
import au.com.dius.pact.core.model.OptionalBody;
import au.com.dius.pact.core.model.Provider;
import au.com.dius.pact.core.model.ProviderState;
import au.com.dius.pact.core.model.Request;
import au.com.dius.pact.core.model.RequestResponseInteraction;
import au.com.dius.pact.core.model.RequestResponsePact;
import au.com.dius.pact.core.model.Response;
import au.com.dius.pact.core.model.SynchronousRequestResponse;
import au.com.dius.pact.core.model.V4Interaction;
import au.com.dius.pact.core.model.generators.GeneratorTestMode;
import au.com.dius.pact.core.model.generators.Generators;
import au.com.dius.pact.core.model.generators.ProviderStateGenerator;
import au.com.dius.pact.core.model.matchingrules.MatchingRuleCategory;
import au.com.dius.pact.core.model.matchingrules.MatchingRules;
import au.com.dius.pact.core.model.matchingrules.MatchingRulesImpl;
import au.com.dius.pact.core.model.v4.MessageContents;
import au.com.dius.pact.core.support.Json;
import au.com.dius.pact.core.support.json.JsonException;
import au.com.dius.pact.core.support.json.JsonParser;
import au.com.dius.pact.core.support.json.JsonValue;
import dev.phone.api.Operation;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.target.MockTarget;
import dev.phone.contracttests.target.ServerTarget;
import dev.phone.contracttests.target.Target;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Verifies interactions against the server and the mock, or against a deployed API. */
public final class PactRun implements AutoCloseable {

    /** Brings a target into the provider states of an interaction. */
    @FunctionalInterface
    public interface States {
        /** @return the values of the state. @throws NotTried if the state must not or cannot be set */
        Map<String, Object> set(Target target, String name, Map<String, ?> parameters);
    }

    /** An interaction is skipped, for the reason in the message. */
    public static final class NotTried extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public NotTried(String why) {
            super(why);
        }
    }

    /** How to start each target, by its name in the table. */
    private final Map<String, Function<Map<String, String>, Target>> starters = new LinkedHashMap<>();
    private final States states;
    private final Sender sender;
    private final UnaryOperator<Verdict> also;
    /** Whether the target was started here, and can reach us. */
    private final boolean isOurs;

    /** Verifies against a server and a mock that are started here. */
    PactRun() {
        states = ProviderStates::set;
        also = UnaryOperator.identity();
        isOurs = true;
        sender = new Sender(Sender.Transport.direct());
        starters.put("server", ServerTarget::onH2);
        starters.put("mock", MockTarget::new);
    }

    /** Verifies against a target that is already running. @param also may change the verdict on an interaction */
    public PactRun(String name, Target target, States states, Sender.Transport transport, UnaryOperator<Verdict> also) {
        this.states = states;
        this.also = also;
        isOurs = false;
        sender = new Sender(transport);
        starters.put(name, config -> target);
    }

    /** Limits are off by default, so that a long pact does not exceed them. */
    private static final Map<String, String> UNLIMITED = Map.of("phone.limits.enabled", "false");

    private static final int OK = 200;
    private static final int NOT_IMPLEMENTED = 501;
    private static final Pattern VALUE = Pattern.compile("\\$\\{([^}:]+)[^}]*}");

    /** By name and configuration, started when needed: resetting a server with limits is slow. */
    private final Map<String, Target> targets = new HashMap<>();

    Set<String> targets() {
        return starters.keySet();
    }

    Verdict verify(String name, Interaction interaction) {
        List<String> states = interaction.getProviderStates().stream().map(ProviderState::getName).filter(state -> !state.isBlank()).toList();
        for (String state : states) {
            if (!ProviderStates.names().contains(state)) {
                return Verdict.error(new UnknownState(state, ProviderStates.names()).getMessage());
            }
        }
        Map<String, String> config = ProviderStates.needLimits(states) ? Map.of() : UNLIMITED;
        try {
            return verify(name, targets.computeIfAbsent(name + config, key -> starters.get(name).apply(config)), interaction);
        } catch (NotTried e) {
            return Verdict.notTried(e.getMessage());
        } catch (PactProblem | IllegalArgumentException e) {
            return Verdict.error(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // Something unforeseen in one pact must not stop the others.
            return Verdict.error("could not be verified: " + e);
        }
    }

    private Verdict verify(String name, Target target, Interaction interaction) {
        if (interaction.isSynchronousRequestResponse()) {
            return also.apply(http(name, target, interaction.asSynchronousRequestResponse()));
        }
        if (interaction.asV4Interaction() instanceof V4Interaction.AsynchronousMessage message) {
            if (!isOurs) {
                throw new NotTried("an event would have to reach this machine: use -Ppacts");
            }
            return message(name, target, message);
        }
        return Verdict.error("is of an unsupported kind: neither a request and its response, nor an asynchronous message");
    }

    private Verdict http(String name, Target target, SynchronousRequestResponse interaction) {
        Operation operation = operation(interaction.getRequest());
        boolean built = !name.equals("server") || TheContract.isBuilt(operation);
        target.reset();
        Map<String, Object> state = new LinkedHashMap<>();
        if (built) {
            try {
                state = state(target, interaction);
            } catch (NotBuilt e) {
                built = false;
            }
        }
        if (built) {
            values(state, interaction.getRequest().getGenerators());
            values(state, interaction.getResponse().getGenerators());
        }
        IRequest request = built ? request(interaction, state) : interaction.getRequest();
        IResponse expected = built ? response(interaction, state) : interaction.getResponse();
        List<String> unpromised = Promises.of(operation(request), request, expected, state);
        if (!built) {
            return unpromised.isEmpty() ? new Verdict(Verdict.Kind.NOT_BUILT, List.of()) : Verdict.of(List.of(), unpromised);
        }
        Response actual = sender.send(target, request);
        if (actual.getStatus() == NOT_IMPLEMENTED && expected.getStatus() != NOT_IMPLEMENTED && !TheContract.isBuilt(operation)) {
            return new Verdict(Verdict.Kind.NOT_BUILT, List.of());
        }
        List<String> differences = new ArrayList<>(Differences.of(mismatches(expected, actual)));
        if (expected.getStatus() != actual.getStatus() && !differences.isEmpty()) {
            differences.add("the response was: " + shortened(actual.getBody().valueAsString()));
        }
        return Verdict.of(differences, unpromised);
    }

    /** The expectations of an interaction that the contract does not promise. @param state the values of its provider states */
    static List<String> unpromised(Interaction interaction, Map<String, Object> state) {
        if (interaction.asV4Interaction() instanceof V4Interaction.AsynchronousMessage message) {
            return Promises.of(type(message), response(message.getContents()), state);
        }
        SynchronousRequestResponse http = interaction.asSynchronousRequestResponse();
        IRequest request = request(http, state);
        return Promises.of(operation(request), request, response(http, state), state);
    }

    private static IRequest request(SynchronousRequestResponse interaction, Map<String, Object> state) {
        return generated(state, "request", context -> interaction.getRequest().generatedRequest(context, GeneratorTestMode.Provider));
    }

    private static IResponse response(SynchronousRequestResponse interaction, Map<String, Object> state) {
        return generated(state, "response", context -> DefaultResponseGenerator.INSTANCE
                .generateResponse(interaction.getResponse(), context, GeneratorTestMode.Provider, List.of(), Map.of()));
    }

    /** Makes the target send the event and compares it as if it were a response, with the payload as body and the metadata as headers. */
    private Verdict message(String name, Target target, V4Interaction.AsynchronousMessage message) {
        String type = type(message);
        Promises.of(type, response(message.getContents()), Map.of());
        boolean built = !name.equals("server") || TheContract.isBuilt(TheContract.operation("createWebhook"));
        Map<String, Object> state = new LinkedHashMap<>();
        Response actual = null;
        if (built) {
            target.reset();
            try {
                state = state(target, message);
                values(state, message.getContents().getGenerators());
                WebhookEvents.Event event = WebhookEvents.send(target, type);
                actual = new Response(OK, event.headers().entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue()))),
                        OptionalBody.body(event.body(), ContentType.getJSON()));
            } catch (NotBuilt e) {
                built = false;
            } catch (IllegalStateException e) {
                throw new PactProblem(String.valueOf(e.getMessage()));
            }
        }
        MessageContents contents = !built ? message.getContents() : generated(state, "message", context -> DefaultResponseGenerator.INSTANCE
                .generateContents(message.getContents(), context, GeneratorTestMode.Provider, List.of(), Map.of(), false));
        Response expected = response(contents);
        List<String> unpromised = Promises.of(type, expected, state);
        if (!built) {
            return unpromised.isEmpty() ? new Verdict(Verdict.Kind.NOT_BUILT, List.of()) : Verdict.of(List.of(), unpromised);
        }
        return Verdict.of(Differences.of(mismatches(expected, actual)), unpromised);
    }

    private static List<Mismatch> mismatches(IResponse expected, Response actual) {
        Response response = expected instanceof HttpResponse v4 ? v4.toV3Response() : (Response) expected;
        RequestResponseInteraction interaction = new RequestResponseInteraction("", List.of(), new Request(), response);
        return ResponseMatching.responseMismatches(new RequestResponsePact(new Provider(), new Consumer(), List.of(interaction)), interaction, actual);
    }

    private static Response response(MessageContents contents) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        contents.getMetadata().forEach((key, value) -> headers.put(key.equalsIgnoreCase("contentType") ? "content-type" : key,
                List.of(value instanceof JsonValue json ? Json.INSTANCE.toString(json) : String.valueOf(value))));
        MatchingRules given = contents.getMatchingRules();
        MatchingRulesImpl rules = new MatchingRulesImpl();
        rules.addCategory(new MatchingRuleCategory("body", given.rulesForCategory("content").orElse(given.rulesForCategory("body")).getMatchingRules()));
        rules.addCategory(new MatchingRuleCategory("header", given.rulesForCategory("metadata").getMatchingRules()));
        return new Response(OK, headers, contents.getContents(), rules);
    }

    /** The event type in the payload of a message. */
    private static String type(V4Interaction.AsynchronousMessage message) {
        try {
            if (JsonParser.parseString(message.contentsAsString()) instanceof JsonValue.Object payload
                    && payload.get("type") instanceof JsonValue.StringValue type) {
                return Json.INSTANCE.toString(type);
            }
        } catch (JsonException e) {
            // Reported by the exception below.
        }
        throw new PactProblem("is a message without a type: its contents must have the type of the event, such as otp.sent");
    }

    private static Operation operation(IRequest request) {
        String path = Sender.path(request).replaceAll("\\?.*", "");
        Operation operation = TheContract.operation(request.getMethod(), path);
        if (operation == null) {
            String others = TheContract.CONTRACT.operations().stream().filter(other -> TheContract.operation(other.method(), path) == other)
                    .map(other -> other.method() + " (" + other.id() + ")").collect(Collectors.joining(", "));
            throw new PactProblem("unknown operation: the contract has no " + request.getMethod() + " " + path
                    + (others.isEmpty() ? "; see openapi/operations.txt" : "; for this path it has " + others));
        }
        return operation;
    }

    /** Brings the target into the states of the interaction. @return their parameters and values, to which the pact may refer */
    private Map<String, Object> state(Target target, Interaction interaction) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (ProviderState state : interaction.getProviderStates()) {
            if (!state.getName().isBlank()) {
                Map<String, Object> parameters = new LinkedHashMap<>();
                state.getParams().forEach((key, value) -> {
                    if (value != null) {
                        parameters.put(key, value);
                    }
                });
                values.putAll(parameters);
                try {
                    values.putAll(states.set(target, state.getName(), parameters));
                } catch (IllegalStateException e) {
                    if (String.valueOf(e.getMessage()).contains("answered 501 ")) {
                        throw new NotBuilt();
                    }
                    throw new PactProblem(String.valueOf(e.getMessage()));
                } catch (UncheckedIOException e) {
                    throw new PactProblem(String.valueOf(e.getMessage()));
                }
            }
        }
        return values;
    }

    /** Checks that the values that a pact refers to exist: pact-jvm would replace a missing one by an empty string. */
    private void values(Map<String, Object> state, Generators generators) {
        generators.getCategories().values().stream().flatMap(category -> category.values().stream()).forEach(generator -> {
            if (generator instanceof ProviderStateGenerator fromState) {
                String expression = fromState.getExpression();
                List<String> names = expression.contains("${") ? VALUE.matcher(expression).results().map(match -> match.group(1)).toList()
                        : List.of(expression);
                names.stream().filter(name -> !state.containsKey(name)).findFirst().ifPresent(name -> {
                    if (!isOurs) {
                        throw new NotTried("needs the value '" + name + "', which is not known: add it to the credentials file");
                    }
                    throw new PactProblem("needs the value '" + name + "', which its provider state does not return; it returns "
                            + (state.isEmpty() ? "none" : String.join(", ", state.keySet())));
                });
            }
        });
    }

    private static <T> T generated(Map<String, Object> state, String what, Function<Map<String, Object>, T> generate) {
        try {
            return generate.apply(new HashMap<>(Map.of("providerState", state, "ArrayContainsJsonGenerator", ArrayContainsJsonGenerator.INSTANCE)));
        } catch (RuntimeException e) {
            throw new PactProblem("the " + what + " cannot be generated from the values of the provider state: " + e.getMessage());
        }
    }

    private static String shortened(String text) {
        return text.length() <= 400 ? text : text.substring(0, 400) + "…";
    }

    @Override
    public void close() {
        if (isOurs) {
            targets.values().forEach(Target::close);
        }
    }

    /** The target answers 501 to what a state needs. */
    private static final class NotBuilt extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
