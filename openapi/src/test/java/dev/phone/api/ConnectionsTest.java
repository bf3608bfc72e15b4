// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which connection is closed when there are too many, or when they use too much memory. */
class ConnectionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MEMORY = 10_000;

    private final Connections connections = new Connections(new ConnectionLimits(4, 100, MEMORY, PATIENCE), Thread.ofVirtual());

    private static final class Client extends Connections.Connection {
        private boolean closed;

        Client(Connections connections, String address) {
            super(connections, address, true);
        }

        static Client open(Connections connections, String address) {
            Client client = new Client(connections, address);
            client.opened();
            return client;
        }

        @Override
        protected void interrupt() {
            closed = true;
        }

        Client sends(int bytes) {
            synchronized (this) {
                enter(Connections.State.HEAD, PATIENCE);
                hold(bytes);
            }
            makeRoom();
            return this;
        }

        synchronized Client waits() {
            enter(Connections.State.WORKING, PATIENCE);
            return this;
        }

        void ends() {
            closed();
        }
    }

    private Client open(String address) throws InterruptedException {
        Client client = Client.open(connections, address);
        // Two of the same age are closed in no particular order.
        Thread.sleep(1);
        return client;
    }

    @Test
    void theAddressWithTheMostConnectionsLosesItsOldest() throws InterruptedException {
        Client honest = open("honest");
        Client oldest = open("crowd");
        Client second = open("crowd");
        Client third = open("crowd");
        Client newest = open("crowd");
        assertEquals(List.of(false, true, false, false, false), closed(honest, oldest, second, third, newest));
    }

    @Test
    void theAddressThatUsesTheMostMemoryLosesAConnectionEvenIfAnotherHasWaitedLonger() throws InterruptedException {
        Client honest = open("honest").sends(MEMORY / 10);
        Thread.sleep(20);
        Client first = open("crowd").sends(MEMORY / 2);
        Client second = open("crowd").sends(MEMORY / 2);
        assertFalse(honest.closed);
        assertTrue(first.closed || second.closed);
        assertTrue(connections.held() <= MEMORY);
    }

    @Test
    void ofOneAddressTheConnectionThatHoldsTheMostForTheLongestIsClosed() throws InterruptedException {
        Client small = open("all").sends(10);
        Thread.sleep(20);
        Client large = open("all").sends(MEMORY);
        assertFalse(small.closed);
        assertTrue(large.closed);
        assertEquals(10, connections.held());
    }

    @Test
    void aConnectionThatIsBeingWorkedOnStays() throws InterruptedException {
        Client working = open("crowd").sends(MEMORY).waits();
        Client other = open("other").sends(1);
        assertFalse(working.closed);
        assertTrue(other.closed);
    }

    @Test
    void whatIsClosedIsForgotten() throws InterruptedException {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(open("address " + i % 2).sends(100));
        }
        assertEquals(4, connections.count());
        clients.forEach(Client::ends);
        clients.forEach(Client::ends);
        assertEquals(0, connections.count());
        assertEquals(0, connections.held());
    }

    private static List<Boolean> closed(Client... clients) {
        return List.of(clients).stream().map(client -> client.closed).toList();
    }
}
