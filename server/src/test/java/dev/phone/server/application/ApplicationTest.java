// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.application;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ApplicationWithCredentials;
import dev.phone.api.Caller;
import dev.phone.api.ApplicationEnvironment;
import dev.phone.server.Features;
import dev.phone.server.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ApplicationTest {
    private final Features phone;
    private final Caller.User user;
    private final String projectId;

    ApplicationTest(TestDatabase kind) {
        phone = new Features(kind.open());
        user = phone.user();
        projectId = phone.project(user).id();
    }

    @AfterAll
    void close() {
        phone.close();
    }

    @Test
    void noSecretIsInTheDatabase() {
        ApplicationWithCredentials created = phone.application(user, projectId, ApplicationEnvironment.TEST);
        StringBuilder columns = new StringBuilder();
        phone.database.execute().createGet("SELECT * FROM application WHERE id = :id").addParam("id", created.id()).execute().orElseThrow()
                .forEach(column -> {
                    Object value = column.get(Object.class);
                    columns.append(value instanceof byte[] bytes ? new String(bytes, StandardCharsets.ISO_8859_1) : value);
                });
        String row = columns.toString();
        assertTrue(row.contains(created.clientId()));
        assertFalse(row.contains(created.credentials().clientSecret().substring(15)));
        assertFalse(row.contains(created.credentials().apiKey().substring(12)));
    }
}
