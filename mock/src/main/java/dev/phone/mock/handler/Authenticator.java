// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.HeaderCredentials;
import dev.phone.api.Operation;
import dev.phone.mock.model.MockModel;
import dev.phone.mock.model.ResourceType;
import dev.phone.mock.state.Resource;
import dev.phone.mock.state.Session;

/** Authenticates callers like the server. Unlike the server, the mock tells them the details of a failure, in {@code x-mock-reason}. */
final class Authenticator {
    private final ResourceType applications;

    Authenticator(MockModel model) {
        applications = model.type("Application");
    }

    /** Needs no monitor. @throws ApiError a 401, or a 403 if the application is suspended */
    Caller caller(Operation.Auth demanded, HttpRequest request, Session session) {
        return switch (demanded) {
            case PUBLIC -> new Caller.Anonymous();
            case BEARER -> user(request);
            case TRIPLE -> {
                String clientId = HeaderCredentials.only(request, HeaderCredentials.CLIENT_ID);
                String secret = HeaderCredentials.only(request, HeaderCredentials.CLIENT_SECRET);
                Resource application = byKey(HeaderCredentials.only(request, HeaderCredentials.API_KEY), session);
                if (!application.text("clientId").equals(clientId)) {
                    throw ApiError.unauthenticated("x-client-id does not belong to the x-api-key");
                }
                if (!session.isSecretOf(application, "clientSecret", secret)) {
                    throw ApiError.unauthenticated("x-client-secret is not that of the application, or no longer");
                }
                yield active(application);
            }
            case API_KEY -> active(byKey(HeaderCredentials.only(request, HeaderCredentials.API_KEY), session));
        };
    }

    /** Checks, with the monitor held, that the caller still exists. @throws ApiError a 401 */
    void stillThere(Caller caller, Session session) {
        if (caller instanceof Caller.Application application && session.find(applications, application.id()) == null) {
            throw ApiError.unauthenticated("the application has just been deleted");
        }
    }

    private static Caller.User user(HttpRequest request) {
        Caller.User user = HeaderCredentials.developer(HeaderCredentials.bearerToken(request));
        if (user == null) {
            throw ApiError.unauthenticated("the mock accepts only development tokens, such as dev_alice");
        }
        return user;
    }

    private Resource byKey(String key, Session session) {
        Resource application = session.holder("apiKey", key);
        if (application == null || application.type() != applications) {
            throw ApiError.unauthenticated("x-api-key belongs to no application, or no longer works");
        }
        return application;
    }

    private static Caller active(Resource application) {
        if (!application.text("status").equals("active")) {
            throw ApiError.suspended();
        }
        return new Caller.Application(application.key(), application.text("projectId"), application.text("name"),
                application.text("clientId"), application.text("environment").equals("test"));
    }
}
