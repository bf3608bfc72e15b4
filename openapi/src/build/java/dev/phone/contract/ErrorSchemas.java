// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Gives each error response a schema with its single code, so that generated clients know the code from the status. In the sources all
 * errors are an {@code ErrorEnvelope}; the code of a response is taken from its examples.
 *
 * <p>Only validation errors keep {@code details}, and always have them: as violations, or, if an example has a {@code reason}, with all properties.
 * A {@code oneOf} of the two kinds would say more, but the generated Java client takes each value for both, and refuses it.
 */
final class ErrorSchemas {
    private static final String SCHEMAS = "#/components/schemas/";
    private static final String ENVELOPE = "ErrorEnvelope";

    private final Contract contract;
    private final JsonObject schemas;
    private final Map<String, JsonObject> made = new TreeMap<>();

    private ErrorSchemas(JsonObject document) {
        contract = Contract.of(document);
        schemas = document.getJsonObject("components").getJsonObject("schemas");
    }

    static JsonObject narrowed(JsonObject document) {
        ErrorSchemas errors = new ErrorSchemas(document);
        JsonObject paths = Published.paths(document, operation -> Json.createObjectBuilder(operation)
                .add("responses", errors.responses(operation.getJsonObject("responses"))).build());
        JsonObject components = document.getJsonObject("components");
        JsonObjectBuilder all = Json.createObjectBuilder(components)
                .add("responses", errors.responses(components.getOrDefault("responses", JsonValue.EMPTY_JSON_OBJECT).asJsonObject()));
        Map<String, JsonValue> named = new TreeMap<>(errors.schemas);
        named.putAll(errors.made);
        return Json.createObjectBuilder(document).add("paths", paths).add("components", all.add("schemas", Json.createObjectBuilder(named))).build();
    }

    private JsonObject responses(JsonObject responses) {
        JsonObjectBuilder result = Json.createObjectBuilder();
        responses.forEach((key, response) -> result.add(key, response(response.asJsonObject())));
        return result.build();
    }

    private JsonObject response(JsonObject response) {
        if (!(response.get("content") instanceof JsonObject content) || !(content.get("application/json") instanceof JsonObject media)
                || !(media.getJsonObject("schema").get("$ref") instanceof JsonString reference) || !reference.getString().equals(SCHEMAS + ENVELOPE)) {
            return response;
        }
        JsonObject first = null;
        boolean reason = false;
        for (JsonValue example : media.getJsonObject("examples").values()) {
            JsonObject error = contract.resolve(example).getJsonObject("value").getJsonObject("error");
            first = first == null ? error : first;
            reason |= error.get("details") instanceof JsonObject details && details.containsKey("reason");
        }
        return Json.createObjectBuilder(response).add("content", Json.createObjectBuilder(content).add("application/json",
                Json.createObjectBuilder(media).add("schema", reference(envelope(first, reason))))).build();
    }

    /** The name of the schema of errors with the code of this one. */
    private String envelope(JsonObject example, boolean reason) {
        String code = example.getString("code");
        String name = reason ? "VerificationError" : Arrays.stream(code.split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT)).collect(Collectors.joining());
        if (made.containsKey(name + "Envelope")) {
            return name + "Envelope";
        }
        JsonObject envelope = schemas.getJsonObject(ENVELOPE);
        made.put(name + "Envelope", Json.createObjectBuilder(envelope).add("description", "An error with the code " + code + ".")
                .add("properties", Json.createObjectBuilder(envelope.getJsonObject("properties")).add("error", reference(name + "Body"))).build());
        JsonObject body = schemas.getJsonObject("ErrorBody");
        JsonObject own = body.getJsonObject("properties");
        JsonObjectBuilder properties = Json.createObjectBuilder(own)
                .add("message", Json.createObjectBuilder(own.getJsonObject("message")).add("examples", Json.createArrayBuilder().add(example.get("message"))))
                .add("code", Json.createObjectBuilder().add("type", "string").add("description", "The machine-readable code.")
                        .add("enum", Json.createArrayBuilder().add(code)).add("examples", Json.createArrayBuilder().add(code))
                        .add("x-statuses", Json.createArrayBuilder(schemas.getJsonObject("ErrorCode").getJsonArray("x-statuses").stream()
                                .filter(each -> each.asJsonObject().getString("code").equals(code)).toList())));
        if (!code.equals("VALIDATION_ERROR")) {
            properties.remove("details");
        } else if (!reason) {
            properties.add("details", reference("ValidationDetails"));
            JsonObject details = schemas.getJsonObject("ErrorDetails");
            made.put("ValidationDetails", Json.createObjectBuilder(details).add("description", "What the request breaks.")
                    .add("required", Json.createArrayBuilder().add("violations")).add("properties", Json.createObjectBuilder()
                            .add("violations", details.getJsonObject("properties").get("violations"))).build());
        }
        JsonArrayBuilder required = Json.createArrayBuilder(body.getJsonArray("required"));
        if (code.equals("VALIDATION_ERROR")) {
            required.add("details");
        }
        made.put(name + "Body", Json.createObjectBuilder(body).add("required", required).add("properties", properties).build());
        return name + "Envelope";
    }

    private static JsonObject reference(String name) {
        return Json.createObjectBuilder().add("$ref", SCHEMAS + name).build();
    }
}
