// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.number;

import dev.phone.api.Message;
import dev.phone.api.PageRequest;
import dev.phone.api.PhoneNumber;
import dev.phone.server.store.Database;
import dev.phone.server.store.Secrets;
import dev.phone.server.store.SignedCursors;
import dev.phone.server.store.Times;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * Inboxes, in which codes arrive. A message is delivered whether or not the number has an owner, so that response times do not reveal whether there
 * is one. Each code is encrypted and bound to its message.
 */
public final class Inbox {
    private final Database database;
    private final Secrets secrets;

    public Inbox(Database database, Secrets secrets) {
        this.database = database;
        this.secrets = secrets;
    }

    /** @param otpRequestId the OTP request, which must not have another message */
    public void deliver(DbExecute tx, String otpRequestId, Message message) {
        tx.createNamedInsert("message.insert")
                .addParam("id", message.id())
                .addParam("otpRequestId", otpRequestId)
                .addParam("phoneNumber", message.phoneNumber().text())
                .addParam("applicationName", message.applicationName())
                .addParam("sealedCode", secrets.seal(Secrets.Purpose.MESSAGE_CODE, bytes(message.code()), bytes(message.id())))
                .addParam("receivedAt", Times.toSql(message.receivedAt()))
                .addParam("expiresAt", Times.toSql(message.expiresAt()))
                .execute();
    }

    /** Deletes the message of an OTP request, if it has one, because its code no longer works. */
    public void remove(DbExecute tx, String otpRequestId) {
        tx.createNamedDelete("message.delete").addParam("otpRequestId", otpRequestId).execute();
    }

    void empty(DbExecute tx, PhoneNumber number) {
        tx.createNamedDelete("message.delete-all").addParam("phoneNumber", number.text()).execute();
    }

    /** The messages with a valid code that arrived since {@code owner} claimed the number; empty if the user is not its owner. */
    List<Message> list(String owner, PhoneNumber number, Instant now, PageRequest page) {
        return SignedCursors.select(page, database.execute().createNamedQuery("message.list"))
                .addParam("phoneNumber", number.text())
                .addParam("owner", owner)
                .addParam("now", Times.toSql(now))
                .execute().map(this::message).toList();
    }

    private Message message(DbRow row) {
        String id = row.column("id").get(String.class);
        byte[] code = secrets.open(Secrets.Purpose.MESSAGE_CODE, row.column("sealed_code").get(byte[].class), bytes(id));
        return new Message(id,
                new PhoneNumber(row.column("phone_number").get(String.class)),
                row.column("application_name").get(String.class),
                new String(code, StandardCharsets.US_ASCII),
                Times.read(row, "received_at"),
                Times.read(row, "expires_at"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
