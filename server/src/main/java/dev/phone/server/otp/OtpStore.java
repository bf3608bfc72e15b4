// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.otp;

import dev.phone.api.Codec;
import dev.phone.api.OtpRequest;
import dev.phone.api.OtpRequestStatus;
import dev.phone.api.PageRequest;
import dev.phone.api.PhoneNumber;
import dev.phone.server.store.Database;
import dev.phone.server.store.Secrets;
import dev.phone.server.store.SignedCursors;
import dev.phone.server.store.Times;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import io.helidon.dbclient.DbStatementDml;
import io.helidon.dbclient.DbStatementQuery;
import jakarta.json.JsonReader;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** OTP requests in the database. Every change locks the row first, so that concurrent attempts see each other's results. */
public final class OtpStore {
    private static final JsonProvider JSON = JsonProvider.provider();

    private final Database database;
    private final Secrets secrets;

    public OtpStore(Database database, Secrets secrets) {
        this.database = database;
        this.secrets = secrets;
    }

    /** The hash under which a code is stored. It depends on the request, so that equal codes have different hashes. */
    byte[] hashOfCode(String otpRequestId, String code) {
        return secrets.hash(Secrets.Purpose.OTP_CODE, otpRequestId, code);
    }

    /** The possible values of {@link #hashOfCode} when the request was stored. */
    List<byte[]> hashesOfCode(String otpRequestId, String code) {
        return secrets.hashes(Secrets.Purpose.OTP_CODE, otpRequestId, code);
    }

    /** For the demo world: inserts a request in any state, with a given code. */
    public void insert(DbExecute tx, OtpRequest request, String code) {
        insert(tx, new Otp(request, hashOfCode(request.id(), code)));
    }

    /** Inserts a pending request. Of two concurrent ones for the same application and number, one transaction must be retried. */
    void insert(DbExecute tx, Otp otp) {
        OtpRequest request = otp.request();
        mutable(tx.createNamedInsert("otp.insert"), otp)
                .addParam("applicationId", request.applicationId())
                .addParam("phoneNumber", request.phoneNumber().text())
                .addParam("metadata", text(request.metadata()))
                .addParam("createdAt", Times.toSql(request.createdAt()))
                .execute();
    }

    /** Writes the mutable columns, if the row is still pending. */
    void update(DbExecute tx, Otp otp) {
        mutable(tx.createNamedUpdate("otp.update"), otp).execute();
    }

    private static DbStatementDml mutable(DbStatementDml statement, Otp otp) {
        OtpRequest request = otp.request();
        return statement
                .addParam("id", request.id())
                .addParam("status", request.status().text())
                .addParam("attemptsRemaining", request.attemptsRemaining())
                .addParam("codeHash", otp.codeHash())
                .addParam("activeKey", otp.isPending() ? activeKey(request.applicationId(), request.phoneNumber()) : null)
                .addParam("expiresAt", Times.toSql(request.expiresAt()))
                .addParam("verifiedAt", Times.toSql(request.verifiedAt()));
    }

    private static String activeKey(String applicationId, PhoneNumber number) {
        return applicationId + ' ' + number.text();
    }

    /** Locks the application against deletion until the transaction ends. @return false if it no longer exists */
    boolean lockApplication(DbExecute tx, String applicationId) {
        return tx.createNamedGet("otp.lock-application").addParam("id", applicationId).execute().isPresent();
    }

    /** Locks the request against changes until the transaction ends. Empty if it does not belong to this application. */
    Optional<Otp> lock(DbExecute tx, String applicationId, String id) {
        return tx.createNamedGet("otp.lock").addParam("id", id).addParam("applicationId", applicationId).execute().map(OtpStore::otp);
    }

    /** Locks the pending request for this number, if there is one; it may have expired. */
    Optional<Otp> lockActive(DbExecute tx, String applicationId, PhoneNumber number) {
        return tx.createNamedGet("otp.lock-active").addParam("activeKey", activeKey(applicationId, number)).execute()
                .map(OtpStore::otp);
    }

    /** Locks some of the pending requests that have expired, skipping locked ones. */
    List<Otp> lockOverdue(DbExecute tx, Instant now, int limit) {
        return tx.createNamedQuery("otp.lock-overdue").addParam("now", Times.toSql(now)).addParam("limit", limit).execute()
                .map(OtpStore::otp).toList();
    }

    /** The stored request; {@link Otp#asOf} gives its current state. */
    Optional<OtpRequest> find(String applicationId, String id) {
        return database.execute().createNamedGet("otp.find").addParam("id", id).addParam("applicationId", applicationId).execute()
                .map(OtpStore::request);
    }

    /** The stored request; empty if it belongs to no application of this user. */
    Optional<OtpRequest> findOfOwner(String owner, String id) {
        return database.execute().createNamedGet("otp.find-of-owner").addParam("id", id).addParam("owner", owner).execute()
                .map(OtpStore::request);
    }

    /** @param status the current status; null for any, like {@code number} */
    List<OtpRequest> list(String applicationId, OtpRequestStatus status, PhoneNumber number, Instant now, PageRequest page) {
        // A separate statement for each combination of filters, so that each uses an index. A number has few requests in any status.
        String name = number != null ? "otp.list-by-number" : status == null ? "otp.list"
                : status == OtpRequestStatus.EXPIRED ? "otp.list-expired" : "otp.list-by-status";
        DbStatementQuery query = SignedCursors.select(page, database.execute().createNamedQuery(name)).addParam("applicationId", applicationId);
        if (number != null) {
            query.addParam("phoneNumber", number.text());
        }
        if (number != null || status != null && status != OtpRequestStatus.EXPIRED) {
            query.addParam("status", status == null ? null : status.text());
        }
        if (number != null || status != null) {
            query.addParam("now", Times.toSql(now));
        }
        return query.execute().map(OtpStore::request).toList();
    }

    private static Otp otp(DbRow row) {
        return new Otp(request(row), row.column("code_hash").get(byte[].class));
    }

    private static OtpRequest request(DbRow row) {
        return new OtpRequest(
                row.column("id").get(String.class),
                row.column("application_id").get(String.class),
                new PhoneNumber(row.column("phone_number").get(String.class)),
                OtpRequestStatus.of(row.column("status").get(String.class)),
                row.column("attempts_remaining").get(Integer.class),
                metadata(row.column("metadata").get(String.class)),
                Times.read(row, "created_at"),
                Times.read(row, "expires_at"),
                Times.read(row, "verified_at"));
    }

    private static String text(Map<String, String> metadata) {
        return metadata.isEmpty() ? "{}" : Codec.mapOf((String value) -> Codec.text(value)).apply(metadata).toString();
    }

    private static Map<String, String> metadata(String text) {
        if (text.equals("{}")) {
            return Map.of();
        }
        try (JsonReader reader = JSON.createReader(new StringReader(text))) {
            return Codec.map(Codec::text).apply(reader.readObject());
        }
    }
}
