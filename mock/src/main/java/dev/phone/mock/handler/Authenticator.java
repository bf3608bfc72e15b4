// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.Operation;
import dev.phone.mock.model.MockModel;
import dev.phone.mock.model.ResourceType;
import dev.phone.mock.state.Resource;
import dev.phone.mock.state.Session;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tells who calls, as the server would. The details of its refusals go into {@code x-mock-reason}: here nobody is a stranger, and who is
 * refused wants to know why.
 */
final class Authenticator {
    private static final Pattern TOKEN = Pattern.compile("dev_([A-Za-z0-9_-]{1,64})");

    private final ResourceType applications;

    Authenticator(MockModel model) {
        applications = model.type("Application");
    }

    /** Needs no monitor. @throws ApiError a 401, or a 403 when the application is suspended */
    Caller caller(Operation.Auth demanded, HttpRequest request, Session session) {
        return switch (demanded) {
            case PUBLIC -> new Caller.Anonymous();
            case BEARER -> user(request);
            case TRIPLE -> {
                String clientId = header(request, "x-client-id");
                String secret = header(request, "x-client-secret");
                Resource application = byKey(header(request, "x-api-key"), session);
                if (!application.text("clientId").equals(clientId)) {
                    throw ApiError.unauthenticated("x-client-id is not that of the x-api-key");
                }
                if (!session.isSecretOf(application, "clientSecret", secret)) {
                    throw ApiError.unauthenticated("x-client-secret is not that of the application, or no longer");
                }
                yield active(application);
            }
            case API_KEY -> active(byKey(header(request, "x-api-key"), session));
        };
    }

    /** Makes sure, with the monitor held, that who called is not gone by now. @throws ApiError a 401 */
    void stillThere(Caller caller, Session session) {
        if (caller instanceof Caller.Application application && session.find(applications, application.id()) == null) {
            throw ApiError.unauthenticated("the application has just been deleted");
        }
    }

    private static Caller.User user(HttpRequest request) {
        String authorization = header(request, "authorization");
        if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw ApiError.unauthenticated("authorization is no bearer token");
        }
        var token = TOKEN.matcher(authorization.substring(7).strip());
        if (!token.matches()) {
            throw ApiError.unauthenticated("the mock takes development tokens only, such as dev_alice");
        }
        return new Caller.User(token.group(1));
    }

    private static String header(HttpRequest request, String name) {
        List<String> values = request.single(name);
        if (values.size() != 1) {
            throw ApiError.unauthenticated(values.isEmpty() ? "there is no " + name + " header" : name + " is repeated, with different values");
        }
        return values.getFirst();
    }

    private Resource byKey(String key, Session session) {
        Resource application = session.holder("apiKey", key);
        if (application == null || application.type() != applications) {
            throw ApiError.unauthenticated("x-api-key is nobody's, or no longer");
        }
        return application;
    }

    private static Caller active(Resource application) {
        if (!application.text("status").equals("active")) {
            throw ApiError.forbidden("This application is suspended");
        }
        return new Caller.Application(application.key(), application.text("projectId"), application.text("name"),
                application.text("clientId"), application.text("environment").equals("test"));
    }
}
