import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * One node of the test cluster, in the foreground.
 *
 * Arguments: folder for its data, its number (from 1), then the HTTP port and the transport port of
 * each node, "9200:9300" for the first and so on. It says READY once it listens.
 */
public final class Node {
    public static void main(String[] arguments) throws Exception {
        String folder = arguments[0];
        int number = Integer.parseInt(arguments[1]);
        List<String[]> ports = Arrays.stream(arguments).skip(2).map(pair -> pair.split(":")).toList();
        String[] own = ports.get(number - 1);
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.setMaxHttpPort(-1); // the port that was asked for, or none
        runner.onBuild((index, settings) -> {
            settings.put("node.name", "node-" + number);
            settings.put("network.host", "127.0.0.1");
            settings.put("http.port", own[0]);
            settings.put("transport.port", own[1]);
            settings.put("discovery.type", "zen"); // else the runner makes a cluster of one
            settings.putList("discovery.seed_hosts", ports.stream().map(pair -> "127.0.0.1:" + pair[1]).toList());
            settings.putList("cluster.initial_cluster_manager_nodes",
                ports.stream().map(pair -> "node-" + (ports.indexOf(pair) + 1)).toList());
            // As README asks of every cluster: no index comes into being by a misspelt name.
            settings.put("action.auto_create_index", "false");
            // A small machine that may be nearly full, and where few pages can be mapped.
            settings.put("node.store.allow_mmap", "false");
            settings.put("cluster.routing.allocation.disk.threshold_enabled", "false");
            // Faults are the subject of tests: they should be noticed soon.
            settings.put("cluster.fault_detection.follower_check.interval", "500ms");
            settings.put("cluster.fault_detection.follower_check.timeout", "1500ms");
            settings.put("cluster.fault_detection.follower_check.retry_count", "2");
            settings.put("cluster.fault_detection.leader_check.interval", "500ms");
            settings.put("cluster.fault_detection.leader_check.timeout", "1500ms");
            settings.put("cluster.fault_detection.leader_check.retry_count", "2");
            // Else a new manager waits half a minute for the silent one to take its first word.
            settings.put("cluster.publish.timeout", "3s");
            // Copies of small indices are made again and again.
            settings.put("indices.recovery.retry_delay_state_sync", "50ms");
            settings.put("path.repo", Path.of(folder).toAbsolutePath().resolveSibling("snapshots").toString());
            settings.put("cluster.max_shards_per_node", "10000");
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                runner.close();
            } catch (Exception error) {
                error.printStackTrace();
            }
        }));
        runner.build(OpenSearchRunner.newConfigs()
            .basePath(folder)
            .numOfNode(1)
            .baseHttpPort(Integer.parseInt(own[0]) - 1)
            .clusterName("communique-test"));
        System.out.println("READY");
        Thread.currentThread().join();
    }
}
