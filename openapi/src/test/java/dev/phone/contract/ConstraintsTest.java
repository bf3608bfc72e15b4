// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConstraintsTest {

    @Test
    void everyConstraintIsALineThatIsCompleteByItself() {
        assertEquals("""
                every request: limit requests: 120 in 60 s by ip
                sendOtp: POST /v1/otp/send
                sendOtp: security: clientId and apiKey
                sendOtp: limit otp-send: 5 in 60 s by clientId
                sendOtp: takes header Idempotency-Key (parameter Key)
                sendOtp: takes query limit
                sendOtp query limit: query limit, optional
                sendOtp query limit: type integer
                sendOtp query limit: at most 100
                sendOtp: request body is required
                sendOtp request application/json: schema Otp
                sendOtp 201: with RateLimit, x-request-id
                sendOtp 201 header RateLimit: not always present
                sendOtp 201 header RateLimit: type string
                sendOtp 201 application/json: schema Otp
                onSent: POST of webhook sent
                onSent: security: none
                onSent 200: no header
                security bearer: http bearer
                parameter Key: header Idempotency-Key, optional
                parameter Key: at most 255 characters
                header RequestId: always present
                header RequestId: pattern ^req_
                Otp: type object
                Otp: no other properties
                Otp/id: required
                Otp/id: type string or null
                Otp/tags: optional
                Otp/tags: type array
                Otp/tags/*: may be a
                Otp/tags/*: may be b
                Otp/map: optional
                Otp/map/*: at least 1 characters
                Otp: x-new {"a":1}
                """, Constraints.of(json("""
                {"x-rate-limit": {"name": "requests", "limit": 120, "window": 60, "key": "ip"},
                 "paths": {"/v1/otp/send": {"post": {"operationId": "sendOtp", "security": [{"clientId": [], "apiKey": []}],
                    "x-rate-limit": {"name": "otp-send", "limit": 5, "window": 60, "key": "clientId", "noun": "OTP requests"},
                    "parameters": [{"$ref": "#/components/parameters/Key"},
                      {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}}],
                    "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Otp"}}}},
                    "responses": {"201": {"headers": {"x-request-id": {"$ref": "#/components/headers/RequestId"},
                        "RateLimit": {"schema": {"type": "string"}}},
                      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Otp"}}}}}}}},
                 "webhooks": {"sent": {"post": {"operationId": "onSent", "security": [], "responses": {"200": {}}}}},
                 "components": {
                   "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "description": "A token."}},
                   "parameters": {"Key": {"name": "Idempotency-Key", "in": "header", "schema": {"maxLength": 255}}},
                   "headers": {"RequestId": {"required": true, "schema": {"pattern": "^req_"}}},
                   "schemas": {"Otp": {"type": "object", "description": "One.", "required": ["id"], "additionalProperties": false,
                     "properties": {"id": {"type": ["string", "null"], "examples": ["a"]},
                       "tags": {"type": "array", "items": {"enum": ["a", "b"]}},
                       "map": {"additionalProperties": {"minLength": 1}}},
                     "x-new": {"a": 1}}}}}
                """)));
    }

    /** What a weakened contract looks like in review: one removed line that says what no longer holds. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /components/schemas/PhoneNumber/pattern                           | - PhoneNumber: pattern ^\\+999 ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}$
            /components/schemas/SendOtpRequest/properties/metadata/maxProperties | - SendOtpRequest/metadata: at most 20 properties
            /components/schemas/SendOtpRequest/properties/metadata/propertyNames | - SendOtpRequest/metadata/{name}: schema MetadataKey
            /components/parameters/IdempotencyKey/schema/maxLength            | - parameter IdempotencyKey: at most 255 characters
            /paths/~1v1~1otp~1send/post/parameters/0                          | - sendOtp: takes header Idempotency-Key (parameter IdempotencyKey)
            /paths/~1v1~1otp~1send/post/x-rate-limit                          | - sendOtp: limit otp-send: 5 in 60 s by clientId
            /components/schemas/ErrorCode/enum/2                              | - ErrorCode: may be NOT_FOUND
            """)
    void aConstraintThatIsDroppedIsALine(String pointer, String line) {
        JsonObject contract = Contract.read(Path.of("phone.yaml")).json();
        JsonObject weaker = Json.createPatchBuilder().remove(pointer).build().apply(contract);
        String difference = GoldenTable.difference(Constraints.of(contract), Constraints.of(weaker));
        assertTrue(difference.lines().anyMatch(line::equals), difference);
        assertEquals(1, difference.lines().count(), difference);
    }

    @Test
    void securityThatIsDroppedIsALine() {
        JsonObject contract = Contract.read(Path.of("phone.yaml")).json();
        assertEquals("""
                - getProject: security: bearer
                + getProject: security: none
                """, GoldenTable.difference(Constraints.of(contract), Constraints.of(Json.createPatchBuilder()
                .remove("/paths/~1v1~1projects~1{projectId}/get/security/0").build().apply(contract))));
    }

    private static JsonObject json(String text) {
        return Json.createReader(new StringReader(text)).readObject();
    }
}
