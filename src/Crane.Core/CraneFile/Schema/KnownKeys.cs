namespace Crane.CraneFile.Schema;

/// <summary>
/// Keys of crane files of all generations and of Compose files for running containers. They are ignored. Taken from michaelsauter/crane 0.x
/// to 3.6 (container.go, config.go) and from the Compose specification (schema/compose-spec.json) with its versions 1 to 3.
/// </summary>
internal static class KnownKeys
{
    private const StringSplitOptions Words = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    /// <summary>Beside <c>containers</c>, at the top of a file.</summary>
    public static IReadOnlySet<string> Top { get; } = Set(
        """
        prefix commands accelerated-mounts mac-syncs unison-syncs networks volumes order
        version name secrets configs models include
        """);

    /// <summary>Under <c>build</c> in Compose files, beside those that Crane has.</summary>
    public static IReadOnlySet<string> ComposeBuild { get; } = Set(
        """
        entitlements isolation no_cache no_cache_filter privileged provenance pull sbom shm_size ssh tags ulimits
        """);

    /// <summary>The parameters of <c>docker run</c> that crane 1 and 2 keep under <c>run</c>, and crane 3 on the container.</summary>
    public static IReadOnlySet<string> Run { get; } = Set(
        """
        add-host blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cidfile cmd cpu-period cpu-quota cpu-shares
        cpuset detach detach-keys device device-read-bps device-read-iops device-write-bps device-write-iops dns dns-opt
        dns-search entrypoint env env-file expose group-add health-cmd health-interval health-retries health-timeout hostname
        init interactive ip ip6 ipc isolation kernel-memory label label-file link log-driver log-opt lxc-conf mac-address
        memory memory-reservation memory-swap memory-swappiness net net-alias no-healthcheck oom-kill-disable oom-score-adj
        pid privileged publish publish-all read-only restart runtime security-opt share-ssh-socket shm-size sig-proxy
        stop-signal stop-timeout sysctl tmpfs tty ulimit user userns uts volume volume-driver volumes-from workdir
        """);

    /// <summary>On a container.</summary>
    public static IReadOnlySet<string> Container { get; } = Set(
        """
        name groups unique manual protected run rm start exec env-default device-rewritead-iops extra-hosts

        annotations attach blkio_config cap_add cap_drop cgroup cgroup_parent command configs container_name cpu_count
        cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus credential_spec depends_on deploy
        develop device_cgroup_rules devices dns_opt dns_search domainname env_file environment extends external_links
        extra_hosts gpus group_add healthcheck label_file labels links log_driver log_opt logging mac_address mem_limit
        mem_reservation mem_swappiness memswap_limit models network_mode networks oom_kill_disable oom_score_adj pids_limit
        platform ports post_start pre_stop profiles provider pull_policy pull_refresh_after read_only scale secrets
        security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls ulimits use_api_socket
        userns_mode volume_driver volumes volumes_from working_dir
        """).Union(Run).ToHashSet(StringComparer.Ordinal);

    /// <summary>Beside <c>pre-build</c> and <c>post-build</c> in hooks.</summary>
    public static IReadOnlySet<string> Hook { get; } = Set("pre-start post-start pre-stop post-stop");

    private static HashSet<string> Set(string words) => new(words.Split([' ', '\n', '\r'], Words), StringComparer.Ordinal);
}
