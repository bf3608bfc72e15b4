// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.Application;
import dev.phone.api.ApplicationEnvironment;
import dev.phone.api.Violations;
import jakarta.json.Json;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class CredentialTest {
    private final SecureRandom random = new SecureRandom();

    @Test
    void theyLookAsTheContractSays() {
        for (Credential.Kind kind : Credential.Kind.values()) {
            for (ApplicationEnvironment environment : ApplicationEnvironment.values()) {
                Credential credential = Credential.random(kind, environment, random);
                String name = kind.name().toLowerCase();
                assertTrue(credential.text().matches("ph_" + environment.text() + "_" + name + "_[0-9a-f]{48}"), credential.text());
                assertTrue(credential.preview().matches("ph_" + environment.text() + "_" + name + "_[0-9a-f]{4}…[0-9a-f]{4}"));
                assertNotEquals(credential, Credential.random(kind, environment, random));
            }
        }
    }

    @Test
    void aPreviewShowsTheFirstAndTheLastFour() {
        Credential secret = new Credential("ph_test_secret_c5378b0bc656a54fa140ec9bb07456f003884033c09908b0");
        assertEquals("ph_test_secret_c537…08b0", secret.preview());
        assertFalse(("" + secret).contains(secret.text()), "a log would show it");
    }

    @Test
    void aPreviewFitsTheContract() {
        Violations violations = new Violations();
        Credential secret = Credential.random(Credential.Kind.SECRET, ApplicationEnvironment.LIVE, random);
        Application.SCHEMA.check(Json.createObjectBuilder().add("clientSecretPreview", secret.preview()).build(), "", violations);
        assertTrue(violations.list().stream().noneMatch(violation -> violation.path().equals("/clientSecretPreview")), violations.list()::toString);
    }
}
