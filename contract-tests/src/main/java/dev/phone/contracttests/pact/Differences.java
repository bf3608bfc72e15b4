// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import au.com.dius.pact.core.matchers.BodyMismatch;
import au.com.dius.pact.core.matchers.BodyTypeMismatch;
import au.com.dius.pact.core.matchers.HeaderMismatch;
import au.com.dius.pact.core.matchers.MetadataMismatch;
import au.com.dius.pact.core.matchers.Mismatch;
import au.com.dius.pact.core.matchers.StatusMismatch;
import au.com.dius.pact.core.support.json.JsonValue;
import java.util.List;

/** The mismatches that pact-jvm found, in words: location, expected and actual value. */
final class Differences {

    private Differences() {
    }

    static List<String> of(List<? extends Mismatch> mismatches) {
        return mismatches.stream().map(Differences::words).distinct().toList();
    }

    private static String words(Mismatch mismatch) {
        return switch (mismatch) {
            case StatusMismatch status when status.getStatusType() == null ->
                    "status: expected " + status.getExpected() + ", actual " + status.getActual();
            case StatusMismatch status -> "status: " + status.description();
            case HeaderMismatch header -> "header " + header.getHeaderKey() + ": " + header.getMismatch();
            case MetadataMismatch metadata -> "header " + metadata.getKey() + ": " + metadata.getMismatch();
            case BodyTypeMismatch type -> "body: expected " + type.getExpected() + ", actual " + type.getActual();
            // "Expected 'actual' (String) to be equal to 'expected' (String)" is easily read the wrong way round.
            case BodyMismatch body when body.getMismatch().contains(" to be equal to ")
                    && body.getExpected() instanceof JsonValue expected && body.getActual() instanceof JsonValue actual ->
                    body.getPath() + ": expected " + expected.serialise() + ", actual " + actual.serialise();
            case BodyMismatch body -> body.getPath() + ": " + body.getMismatch();
            default -> mismatch.description();
        };
    }
}
