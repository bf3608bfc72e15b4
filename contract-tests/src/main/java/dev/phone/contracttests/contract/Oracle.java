// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.contract;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import java.util.function.Supplier;

/** The contract as a validator reads it that knows nothing of ours. */
public final class Oracle {
    private static final Object PARSER = new Object();

    public static final OpenApiInteractionValidator VALIDATOR = parsingAlone(() -> OpenApiInteractionValidator
            .createForInlineApiSpecification(TheContract.CONTRACT.json().toString()).build());

    private Oracle() {
    }

    /** swagger-parser keeps state of its own: of two documents that are read at once, one may end up with types of the other. */
    public static <T> T parsingAlone(Supplier<T> parsing) {
        synchronized (PARSER) {
            return parsing.get();
        }
    }
}
