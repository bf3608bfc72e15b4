// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Conversations in which targets once answered differently, as LockstepTest found them. */
class ConversationsTest extends Suite {

    @Test
    void anInvalidCursorIsRefusedBeforeTheResourceIsLookedFor() {
        assertEquals(List.of(422), play("""
                ### 0
                GET /v1/numbers/+${digits:3}/messages?cursor=tampered
                authorization: Bearer dev_${user:1}
                """));
    }

    @Test
    void aKeyIsReplayedForTheSameJsonInAnotherLayout() {
        assertEquals(List.of(201, 201), play("""
                ### 0
                POST /v1/numbers
                authorization: Bearer dev_${user:1}
                content-type: application/json
                idempotency-key: k2

                {"phoneNumber":"+${digits:0}"}
                ### 1
                POST /v1/numbers
                authorization: Bearer dev_${user:1}
                content-type: application/json
                idempotency-key: k2

                {"phoneNumber" : "+${digits:0}"}
                """));
    }
}
