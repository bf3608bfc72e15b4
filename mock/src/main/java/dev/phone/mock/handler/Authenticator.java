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

/**
 * Tells who calls, as the server would. The details of its refusals go into {@code x-mock-reason}: here nobody is a stranger, and who is
 * refused wants to know why.
 */
final class Authenticator {
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
                String clientId = HeaderCredentials.only(request, HeaderCredentials.CLIENT_ID);
                String secret = HeaderCredentials.only(request, HeaderCredentials.CLIENT_SECRET);
                Resource application = byKey(HeaderCredentials.only(request, HeaderCredentials.API_KEY), session);
                if (!application.text("clientId").equals(clientId)) {
                    throw ApiError.unauthenticated("x-client-id is not that of the x-api-key");
                }
                if (!session.isSecretOf(application, "clientSecret", secret)) {
                    throw ApiError.unauthenticated("x-client-secret is not that of the application, or no longer");
                }
                yield active(application);
            }
            case API_KEY -> active(byKey(HeaderCredentials.only(request, HeaderCredentials.API_KEY), session));
        };
    }

    /** Makes sure, with the monitor held, that who called is not gone by now. @throws ApiError a 401 */
    void stillThere(Caller caller, Session session) {
        if (caller instanceof Caller.Application application && session.find(applications, application.id()) == null) {
            throw ApiError.unauthenticated("the application has just been deleted");
        }
    }

    private static Caller.User user(HttpRequest request) {
        Caller.User user = HeaderCredentials.developer(HeaderCredentials.bearerToken(request));
        if (user == null) {
            throw ApiError.unauthenticated("the mock takes development tokens only, such as dev_alice");
        }
        return user;
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
            throw ApiError.suspended();
        }
        return new Caller.Application(application.key(), application.text("projectId"), application.text("name"),
                application.text("clientId"), application.text("environment").equals("test"));
    }
}
