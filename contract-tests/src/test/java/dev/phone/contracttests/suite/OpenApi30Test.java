// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import dev.phone.contract.Example;
import dev.phone.contract.OpenApi30;
import dev.phone.contracttests.contract.Oracle;
import dev.phone.contracttests.contract.TheContract;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The contract as OpenAPI 3.0 says the same as the contract: of every example, an independent validator finds the same right and wrong. */
class OpenApi30Test {
    private static final OpenApiInteractionValidator OLD = Oracle.parsingAlone(() -> OpenApiInteractionValidator
            .createForInlineApiSpecification(Oracle.closed(OpenApi30.of(TheContract.CONTRACT.json())).toString()).build());

    @Test
    void bothFindTheSameRequestsAndResponsesValid() {
        List<String> differences = new ArrayList<>();
        int invalid = 0;
        for (Example example : TheContract.EXAMPLES) {
            ValidationReport before = request(OLD, example);
            ValidationReport now = request(Oracle.VALIDATOR, example);
            // 3.0 says it in words only.
            boolean mayDiffer = example.response().toString().contains("\"rule\":\"propertyNames\"");
            if (before.hasErrors() != (now.hasErrors() && !mayDiffer) || response(OLD, example).hasErrors()) {
                differences.add(example + "\n  3.0: " + messages(before) + messages(response(OLD, example)) + "\n  3.1: " + messages(now));
            }
            invalid += now.hasErrors() ? 1 : 0;
        }
        assertEquals(List.of(), differences);
        assertTrue(invalid > 30, "the requests that are bad on purpose are invalid");
    }

    private static ValidationReport request(OpenApiInteractionValidator validator, Example example) {
        URI target = URI.create(example.target());
        SimpleRequest.Builder builder = new SimpleRequest.Builder(Request.Method.valueOf(example.operation().method().toUpperCase(Locale.ROOT)),
                target.getPath());
        example.headers().forEach(builder::withHeader);
        if (target.getQuery() != null) {
            for (String pair : target.getQuery().split("&")) {
                builder.withQueryParam(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
        }
        if (example.body() != null) {
            builder.withBody(example.body().toString()).withContentType("application/json");
        }
        return validator.validateRequest(builder.build());
    }

    private static ValidationReport response(OpenApiInteractionValidator validator, Example example) {
        return validator.validateResponse(URI.create(example.target()).getPath(), Request.Method.valueOf(example.operation().method()),
                // Headers are compared by the suites.
                SimpleResponse.Builder.status(example.status()).withContentType("application/json").withBody(example.response().toString())
                        .withHeader("x-request-id", "req_01kf0fv2e0mb0chec3nsebgjqa").withHeader("RateLimit", "r").withHeader("RateLimit-Policy", "p")
                        .withHeader("Retry-After", "1").withHeader("WWW-Authenticate", "Bearer").build());
    }

    private static List<String> messages(ValidationReport report) {
        return report.getMessages().stream().map(ValidationReport.Message::getMessage).toList();
    }
}
