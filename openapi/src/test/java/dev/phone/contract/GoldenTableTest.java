// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.Json;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class GoldenTableTest {

    @Test
    void theColumnsAreAligned() {
        assertEquals("""
                operation  method  path          auth     limit                   statuses
                sendOtp    POST    /v1/otp/send  triple   5 in 60 s by client id  201 401 422
                getUser    GET     /v1/users     api key  -                       200 404
                createBin  POST    /v1/bins      public   20 in 3600 s by ip      501
                """, GoldenTable.of(Contract.of(Json.createReader(new StringReader("""
                {"paths": {
                  "/v1/otp/send": {"post": {"operationId": "sendOtp", "security": [{"clientId": [], "clientSecret": [], "apiKey": []}],
                    "x-rate-limit": {"name": "otp-send", "limit": 5, "window": 60, "key": "clientId", "noun": "OTP requests"},
                    "responses": {"422": {}, "201": {}, "401": {}}}},
                  "/v1/users": {"get": {"operationId": "getUser", "security": [{"apiKey": []}], "responses": {"200": {}, "404": {}}}},
                  "/v1/bins": {"post": {"operationId": "createBin", "security": [],
                    "x-rate-limit": {"name": "bins", "limit": 20, "window": 3600, "key": "ip", "noun": "bins"}, "responses": {"501": {}}}}}}
                """)).readObject())));
    }

    @Test
    void theDifferenceIsTheLinesThatChanged() {
        assertEquals("""
                - b  GET  /v1/b
                + b  POST  /v1/b
                + cc   GET  /v1/c
                """, GoldenTable.difference("a   GET  /v1/a\nb  GET  /v1/b\n", "a    GET  /v1/a\nb  POST  /v1/b\ncc   GET  /v1/c\n"));
        assertEquals("the lines are the same, but not their order or spacing\n", GoldenTable.difference("a\nb\n", "b\na\n"));
    }
}
