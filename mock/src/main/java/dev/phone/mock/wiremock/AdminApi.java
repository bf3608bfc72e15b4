// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.wiremock;

import com.github.tomakehurst.wiremock.admin.AdminTask;
import com.github.tomakehurst.wiremock.admin.Router;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.common.url.PathParams;
import com.github.tomakehurst.wiremock.core.Admin;
import com.github.tomakehurst.wiremock.extension.AdminApiExtension;
import com.github.tomakehurst.wiremock.extension.requestfilter.AdminRequestFilterV2;
import com.github.tomakehurst.wiremock.extension.requestfilter.RequestFilterAction;
import com.github.tomakehurst.wiremock.http.MultiValue;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.RequestMethod;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.RequestJournalDisabledException;
import dev.phone.mock.state.Json;
import dev.phone.mock.state.MockClock;
import dev.phone.mock.state.Session;
import dev.phone.mock.state.Sessions;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Extends WireMock's admin API: {@code /__admin/phone/clock}, {@code /reset} and {@code /state}. */
public final class AdminApi implements AdminApiExtension, AdminRequestFilterV2 {
    private final MockClock clock;
    private final Supplier<Sessions> sessions;
    private final Supplier<JsonObject> connections;
    private final boolean hasJournal;

    /**
     * @param connections describes the connections of clients
     * @param hasJournal whether WireMock keeps its journal of requests
     */
    public AdminApi(MockClock clock, Supplier<Sessions> sessions, Supplier<JsonObject> connections, boolean hasJournal) {
        this.connections = connections;
        this.clock = clock;
        this.sessions = sessions;
        this.hasJournal = hasJournal;
    }

    @Override
    public RequestFilterAction filter(Request request, ServeEvent event) {
        if (!hasJournal && request.getAbsoluteUrl().contains("/__admin/recordings/start")) {
            // WireMock would detect it too late, and leave the stub that proxies everything.
            throw new RequestJournalDisabledException();
        }
        return RequestFilterAction.continueWith(request);
    }

    @Override
    public String getName() {
        return "phone-admin";
    }

    @Override
    public void contributeAdminApiRoutes(Router router) {
        // WireMock finds the route of a task by its class, so each needs its own class.
        router.add(RequestMethod.GET, "/phone/clock", new Page(request -> clock()) {
        });
        router.add(RequestMethod.POST, "/phone/clock", new Page(this::setClock) {
        });
        router.add(RequestMethod.POST, "/phone/reset", new Page(this::reset) {
        });
        router.add(RequestMethod.GET, "/phone/state", new Page(this::state) {
        });
    }

    private abstract static class Page implements AdminTask {
        private final Function<Request, JsonObject> run;

        Page(Function<Request, JsonObject> run) {
            this.run = run;
        }

        @Override
        public ResponseDefinition execute(Admin admin, ServeEvent event, PathParams parameters) {
            try {
                return answer(200, run.apply(event.getRequest()));
            } catch (IllegalArgumentException | DateTimeException | JsonException | ClassCastException | ArithmeticException e) {
                return answer(422, Json.object().add("message", String.valueOf(e.getMessage())).build());
            }
        }
    }

    private static ResponseDefinition answer(int status, JsonObject body) {
        return ResponseDefinitionBuilder.responseDefinition().withStatus(status).withHeader("content-type", "application/json")
                .withBody(body.toString()).build();
    }

    private JsonObject clock() {
        return Json.object().add("now", Json.instant(clock.instant())).add("frozen", clock.isFrozen()).build();
    }

    /** {@code {"freeze": true}} or an instant, {@code {"advance": "PT5M"}} or seconds, {@code {"reset": true}}. */
    private JsonObject setClock(Request request) {
        JsonObject command;
        try (var reader = jakarta.json.Json.createReader(new StringReader(request.getBodyAsString()))) {
            command = reader.readObject();
        }
        for (String key : command.keySet()) {
            JsonValue value = command.get(key);
            if (key.equals("reset") && value.equals(JsonValue.TRUE)) {
                clock.reset();
            } else if (key.equals("freeze") && value.equals(JsonValue.TRUE)) {
                clock.freeze();
            } else if (key.equals("freeze") && value instanceof JsonString at) {
                clock.freeze(Instant.parse(at.getString()));
            } else if (key.equals("advance") && value instanceof JsonNumber seconds) {
                clock.advance(Duration.ofSeconds(seconds.longValueExact()));
            } else if (key.equals("advance") && value instanceof JsonString duration) {
                clock.advance(Duration.parse(duration.getString()));
            } else {
                throw new IllegalArgumentException("the clock supports freeze (true, or an instant), advance (a duration, or seconds) and"
                        + " reset (true), not " + key + ": " + value);
            }
        }
        return clock();
    }

    private JsonObject reset(Request request) {
        String name = session(request);
        if (name == null) {
            sessions.get().reset();
        } else {
            sessions.get().reset(name);
        }
        return Json.object().add("reset", name == null ? "all sessions" : "session " + name).build();
    }

    private JsonObject state(Request request) {
        var names = Json.array();
        sessions.get().names().forEach(names::add);
        String name = session(request);
        // A page of another site must not be able to push out sessions by reading the states of new ones.
        Session held = sessions.get().look(name == null ? "" : name);
        synchronized (held) {
            held.catchUp();
            return Json.object().add("now", Json.instant(held.now())).add("session", name == null ? "" : name)
                    .add("sessions", names).add("held", sessions.get().describe()).add("connections", connections.get()).add("resources", held.describe()).build();
        }
    }

    /** The session in the query; null if there is none. */
    private static String session(Request request) {
        List<String> named = Stream.of(request.queryParameter("session"), request.header("x-mock-session"))
                .filter(MultiValue::isPresent).flatMap(each -> each.values().stream()).distinct().toList();
        if (named.size() > 1) {
            throw new IllegalArgumentException("name one session at a time, not " + String.join(" and ", named));
        }
        return named.isEmpty() ? null : named.getFirst();
    }
}
